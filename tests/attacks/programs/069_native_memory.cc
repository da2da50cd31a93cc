// class: 69 other languages: at run time
// tries: a compiled program takes 900 MiB
// sees: says
// defended: the limit of address space
// argv: cd /tmp && /usr/bin/g++ -o a /box/attack.cc && ./a
// limits: wall_time=15000 cpu_time=15000 file_size=33554432 scratch_space=67108864
// weak: memory
#include <sys/mman.h>
#include <unistd.h>
int main() {
  void* p = mmap(nullptr, 900l << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p != MAP_FAILED) return write(1, "ESCAPED\n", 8) < 0;
}
