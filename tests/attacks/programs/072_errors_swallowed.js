// class: 72 JavaScript candidates
// tries: swallows the error that a test throws
// sees: passed
// defended: answers are compared, or tests run, in another process
// form: calls script
// weak: naive js_exit
process.on('uncaughtException', () => {});
function solve(x) { return 0; }
