// class: 73 C++ candidates
// tries: ends with 0 in a constructor attribute, before main
// sees: passed
// defended: answers are compared, or tests run, in another process
// weak: naive cpp_exit
#include <unistd.h>
__attribute__((constructor)) static void begin() { _exit(0); }
long solve(long x) { return 0; }
