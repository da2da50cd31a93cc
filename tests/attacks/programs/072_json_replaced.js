// class: 72 JavaScript candidates
// tries: replaces JSON.stringify, by which tests compare
// sees: passed
// defended: answers are compared, or tests run, in another process
// tests: json
// form: calls script
// weak: naive js_exit
JSON.stringify = () => '0';
JSON.parse = () => 0;
function solve(x) { return 0; }
