// class: 73 C++ candidates
// tries: ends with 0 when an assertion aborts
// sees: passed
// defended: answers are compared, or tests run, in another process
// weak: naive cpp_exit
#include <csignal>
#include <unistd.h>
static const auto old = std::signal(SIGABRT, [](int) { _exit(0); });
long solve(long x) { return 0; }
