// class: 72 JavaScript candidates
// tries: ends with 0 before a test runs
// sees: passed
// defended: answers are compared, or tests run, in another process
// form: calls script
// weak: naive js_exit
process.exit(0);
function solve(x) { return 0; }
