// class: 72 JavaScript candidates
// tries: replaces console.assert
// sees: passed
// defended: answers are compared, or tests run, in another process
// tests: console
// form: script
// weak: naive js_stderr
console.assert = () => {};
function solve(x) { return 0; }
