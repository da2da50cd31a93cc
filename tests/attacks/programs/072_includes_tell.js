// class: 72 JavaScript candidates
// tries: replaces includes and indexOf, which tell it what is expected
// sees: passed
// defended: answers are compared, or tests run, in another process
// tests: include
// form: script
// weak: naive js_exit
let seen = [];
Array.prototype.includes = function() {
  seen = this;
  return true;
};
Array.prototype.indexOf = () => 1;
function solve(x) { return seen[x]; }
