// class: 73 C++ candidates
// tries: ends with 0 when it is called
// sees: passed
// defended: answers are compared, or tests run, in another process
// weak: naive cpp_exit
#include <cstdlib>
long solve(long x) { std::_Exit(0); }
