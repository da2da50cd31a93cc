// class: 73 C++ candidates
// tries: ends with 0 while the program is being linked
// sees: passed
// defended: answers are compared, or tests run, in another process
// weak: naive cpp_exit
#include <sys/syscall.h>
static long ended() {
  long result = SYS_exit_group;
  asm volatile("syscall" : "+a"(result) : "D"(0L) : "rcx", "r11", "memory");
  return result;
}
static long zero(long) { return 0; }
extern "C" long (*choose())(long) {
  ended();
  return zero;
}
extern "C" long chosen(long) __attribute__((ifunc("choose")));
long (*kept)(long) = chosen;
long solve(long x) { return kept(x); }
