const before = JSON.stringify;
JSON.stringify = (...values) => before(...values);
Map.prototype.toJSON = function() { return [...this]; };
Date.prototype.toJSON = () => 'a date';
const solve = (x) => JSON.stringify(new Map([[x, [x, null]]]));
// CALLS
// [1] -> "[[1,[1,null]]]"
// ["a"] -> "[[\"a\",[\"a\",null]]]"
