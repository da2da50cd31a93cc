// class: 72 JavaScript candidates
// tries: answers without an end
// sees: late passed
// defended: an answer is bounded, and so is the time
// form: calls script
// weak: naive js_words
const text = 'a'.repeat(1 << 20);
function solve(x) {
  for (;;) {
    try {
      require('fs').writeSync(3, text);
    } catch {
    }
  }
}
