// class: 72 JavaScript candidates
// tries: answers more than it was asked, so that others are taken for its answers
// sees: passed
// defended: one answer a call, and nothing before it is asked
// form: calls script
// weak: none: no naive harness here pairs answers with calls
const fs = require('fs');
function solve(x) {
  const fd = 3;
  try {
    fs.writeSync(fd, '{"v":0}\n{"v":null}\n=0\n=null\n'.repeat(10));
  } catch {
  }
  return 0;
}
