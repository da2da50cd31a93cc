// class: 72 JavaScript candidates
// tries: tells a secret file in an error's words
// sees: leak
// defended: the file system is its own
// form: calls script
// weak: naive js_words scratch
function solve(x) {
  let text = '';
  try {
    text = require('fs').readFileSync('@SECRET_FILE@', 'latin1');
  } catch {
  }
  throw new Error(text);
}
