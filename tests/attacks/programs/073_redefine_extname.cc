// class: 73 C++ candidates
// tries: gives the function that a failed assertion calls another name by a pragma
// sees: passed
// defended: answers are compared, or tests run, in another process
// weak: naive cpp_exit
#include <unistd.h>
extern "C" [[noreturn]] void all_is_well(const char*, const char*, unsigned,
                                         const char*) noexcept {
  _exit(0);
}
#pragma redefine_extname __assert_fail all_is_well
long solve(long x) { return 0; }
