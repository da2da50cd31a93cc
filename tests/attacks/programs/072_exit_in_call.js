// class: 72 JavaScript candidates
// tries: ends with 0 when it is called
// sees: passed
// defended: answers are compared, or tests run, in another process
// form: calls script
// weak: naive js_exit
function solve(x) { process.reallyExit(0); }
