Array.prototype.last = function() { return this[this.length - 1]; };
String.prototype.reversed = function() { return [...this].reverse().join(''); };
Object.defineProperty(Object.prototype, 'size', {
  get() { return Object.keys(this).length; }, enumerable: false});
function solve(words) {
  return {last: words.last().reversed(), size: ({a: 1, b: 2}).size};
}
// CALLS
// [["ab", "cd"]] -> {"last": "dc", "size": 2}
// [["x"]] -> {"size": 2, "last": "x"}
