function solve(x) {
  if (x < 0) throw new RangeError('negative');
  if (x === 0) throw new TypeError('zero');
  if (x > 100) throw {some: 'object'};
  class Mine extends Error {}
  if (x > 10) throw new Mine('mine');
  return Math.sqrt(x);
}
// TESTS
const assert = require('assert');
assert.throws(() => solve(-1), RangeError);
assert.throws(() => solve(-1), /negative/);
assert.throws(() => solve(0), TypeError);
assert.throws(() => solve(11));
assert.throws(() => solve(101));
console.assert(solve(9) === 3, 'root');
