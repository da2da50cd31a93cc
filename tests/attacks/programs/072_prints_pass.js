// class: 72 JavaScript candidates
// tries: prints what a harness looks for, and ends
// sees: passed
// defended: answers are compared, or tests run, in another process
// form: calls script
// weak: naive js_print
function solve(x) {
  require('fs').writeSync(1, 'ALL TESTS PASSED\n');
  process.exit(0);
}
