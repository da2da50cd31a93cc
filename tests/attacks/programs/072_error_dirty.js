// class: 72 JavaScript candidates
// tries: throws an error whose words would harm a terminal
// sees: dirty
// defended: words are cut to printable ASCII
// form: calls script
// weak: naive js_words
function solve(x) {
  const error = new Error('\u001b[2J\u001b]0;owned\u0007 \u202e\r passed');
  error.name = 'A\u001b[31m' + 'b'.repeat(1000);
  throw error;
}
