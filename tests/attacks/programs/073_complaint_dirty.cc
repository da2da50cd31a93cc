// class: 73 C++ candidates
// tries: has the compiler complain in words that would harm a terminal
// sees: dirty
// defended: words are cut to printable ASCII
// weak: naive cpp_words
#line 1 "\x1b[2J\x1b[31m"
#error [2J]0;owned passed
long solve(long x) { return 0; }
