// class: 72 JavaScript candidates
// tries: takes stderr away, by which the tests complain
// sees: passed
// defended: answers are compared, or tests run, in another process
// tests: console
// form: script
// weak: naive js_stderr
require('fs').closeSync(2);
process.stderr.write = () => true;
function solve(x) { return 0; }
