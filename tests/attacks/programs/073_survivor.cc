// class: 73 C++ candidates
// tries: leaves a process behind before main
// sees: survivor
// defended: the process namespace ends with its first process
// weak: naive cpp_exit pid die
#include <unistd.h>
__attribute__((constructor)) static void begin() {
  if (fork() == 0) {
    setsid();
    if (fork() == 0) {
      for (int fd = 0; fd < 64; ++fd) close(fd);
      sleep(30);
    }
    _exit(0);
  }
  _exit(0);
}
long solve(long x) { return 0; }
