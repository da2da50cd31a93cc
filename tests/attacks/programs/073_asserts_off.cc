// class: 73 C++ candidates
// tries: switches assertions off by a macro
// sees: passed
// defended: answers are compared, or tests run, in another process
// weak: naive cpp_exit
#define NDEBUG
long solve(long x) { return 0; }
