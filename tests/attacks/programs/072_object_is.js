// class: 72 JavaScript candidates
// tries: replaces Object.is
// sees: passed
// defended: answers are compared, or tests run, in another process
// tests: every
// form: script
// weak: naive js_exit
Object.is = () => true;
function solve(x) { return 0; }
