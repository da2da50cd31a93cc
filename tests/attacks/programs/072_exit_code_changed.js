// class: 72 JavaScript candidates
// tries: ends with 0 whatever went wrong
// sees: passed
// defended: answers are compared, or tests run, in another process
// form: calls script
// weak: naive js_exit
process.on('exit', () => process.reallyExit(0));
function solve(x) { return 0; }
