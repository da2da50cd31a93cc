// class: 72 JavaScript candidates
// tries: prints past console and streams by process._rawDebug
// sees: passed
// defended: answers are compared, or tests run, in another process
// form: calls script
// weak: naive js_print
process._rawDebug('ALL TESTS PASSED');
process.reallyExit(0);
function solve(x) { return 0; }
