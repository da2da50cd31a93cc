// class: 73 C++ candidates
// tries: prints what a harness looks for, and ends
// sees: passed
// defended: answers are compared, or tests run, in another process
// weak: naive cpp_print
#include <unistd.h>
long solve(long x) {
  for (int fd = 1; fd < 40; ++fd) {
    if (write(fd, "ALL TESTS PASSED\n", 17) + write(fd, "P", 1) +
            write(fd, "=0\n", 3) < 0) {
      continue;
    }
  }
  _exit(0);
}
