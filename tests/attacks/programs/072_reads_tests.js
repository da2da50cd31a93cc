// class: 72 JavaScript candidates
// tries: reads the tests where a harness keeps them
// sees: passed
// defended: tests and expected values are in no file of the candidate's
// form: calls script
// weak: naive js_exit
const fs = require('fs');
let found = [];
for (const folder of ['/box', '/tmp', '.', '/proc/self/fd']) {
  let names = [];
  try {
    names = fs.readdirSync(folder);
  } catch {
  }
  for (const name of names) {
    let text = '';
    try {
      if (fs.statSync(`${folder}/${name}`).isFile()) {
        text = fs.readFileSync(`${folder}/${name}`, 'latin1');
      }
    } catch {
    }
    const match = /EXPECTED = \[([\d, ]+)\]/.exec(text);
    if (match) found = match[1].split(',').map(Number);
  }
}
function solve(x) { return found[x]; }
