// class: 69 other languages: at run time
// tries: a compiled program leaves a daemon
// sees: survivor
// defended: a process namespace that ends with its first process
// argv: cd /tmp && /usr/bin/g++ -o a /box/attack.cc && ./a
// limits: wall_time=15000 cpu_time=15000 address_space=2147483648 file_size=33554432 scratch_space=67108864
// weak: pid die
#include <signal.h>
#include <unistd.h>
int main() {
  if (fork() == 0) {
    setsid();
    for (int i = 1; i < 65; ++i) signal(i, SIG_IGN);
    if (fork() == 0) sleep(20);
  }
}
