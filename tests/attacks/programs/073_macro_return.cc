// class: 73 C++ candidates
// tries: makes main return 0 by a macro
// sees: passed
// defended: what stands beside the candidate judges nothing
// tests: if
// weak: naive cpp_exit
long solve(long x) { return 0; }
#define return return 0 *
