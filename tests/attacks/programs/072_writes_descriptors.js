// class: 72 JavaScript candidates
// tries: writes what a verdict may look like on every descriptor
// sees: passed
// defended: the verdict's descriptor is in no process of the candidate's
// form: calls script
// weak: naive js_fd
const fs = require('fs');
for (let fd = 3; fd < 40; ++fd) {
  for (const word of ['P', 'P\n', '=null\n', '=0\n', '{"v":0}\n',
                      '\u0001\0\0\0P']) {
    try {
      fs.writeSync(fd, word);
    } catch {
    }
  }
}
process.reallyExit(0);
function solve(x) { return 0; }
