// class: 73 C++ candidates
// tries: names what is expected, which lies in the same program
// sees: passed
// defended: expected values are in no program
// tests: if
// weak: naive cpp_exit
extern const long EXPECTED[20];
long solve(long x) { return EXPECTED[x]; }
