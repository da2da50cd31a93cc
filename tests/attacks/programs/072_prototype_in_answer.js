// class: 72 JavaScript candidates
// tries: pollutes the prototype by an answer that is merged
// sees: passed
// defended: answers are fresh values with own properties, and are merged with nothing
// tests: flags
// form: calls script
// weak: naive js_merge
function solve(x) {
  return JSON.parse('{"__proto__": {"passed": true, "ignore": true},' +
      '"constructor": {"prototype": {"passed": true, "ignore": true}}}');
}
