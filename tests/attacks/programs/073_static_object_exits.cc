// class: 73 C++ candidates
// tries: ends with 0 while a static object is made
// sees: passed
// defended: answers are compared, or tests run, in another process
// weak: naive cpp_exit
#include <cstdlib>
struct Ends {
  Ends() { std::quick_exit(0); }
} ends;
long solve(long x) { return 0; }
