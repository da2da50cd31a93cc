exports.solve = function(x) {
  if (x === 0) return undefined;
  if (x === 1) return null;
  return {a: undefined, b: [undefined, null], c: Object.create(null)};
};
// CALLS
// [0] -> null
// [1] -> null
// [2] -> {"b": [null, null], "c": {}}
