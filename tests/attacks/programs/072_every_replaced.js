// class: 72 JavaScript candidates
// tries: replaces Array.prototype.every
// sees: passed
// defended: answers are compared, or tests run, in another process
// tests: every
// form: script
// weak: naive js_exit
Array.prototype.every = () => true;
function solve(x) { return 0; }
