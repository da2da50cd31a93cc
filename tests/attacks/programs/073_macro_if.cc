// class: 73 C++ candidates
// tries: makes each condition of the tests false by a macro
// sees: passed
// defended: what stands beside the candidate judges nothing
// tests: if
// weak: naive cpp_exit
long solve(long x) { return 0; }
#define if(condition) if (false)
