// class: 72 JavaScript candidates
// tries: gives the tests another module assert
// sees: passed
// defended: answers are compared, or tests run, in another process
// tests: assert
// form: script
// weak: naive js_exit
const Module = require('module');
const load = Module._load;
Module._load = (name, ...rest) => (name === 'assert' ?
    new Proxy({}, {get: () => () => true}) : load(name, ...rest));
function solve(x) { return 0; }
