// class: 73 C++ candidates
// tries: defines the function that a failed assertion calls
// sees: passed
// defended: answers are compared, or tests run, in another process
// weak: naive cpp_exit
#include <unistd.h>
extern "C" void __assert_fail(const char*, const char*, unsigned,
                              const char*) noexcept {
  _exit(0);
}
long solve(long x) { return 0; }
