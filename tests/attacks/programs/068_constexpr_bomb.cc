// class: 68 other languages: the compile step
// tries: computes without end while it is compiled
// sees: late
// defended: compiling is done in the sandbox, on the clock
// argv: cd /tmp && /usr/bin/g++ -std=c++20 -fconstexpr-ops-limit=9999999999 -fconstexpr-loop-limit=2147483647 -o a /box/attack.cc && ./a
// limits: wall_time=1500 cpu_time=60000 address_space=1073741824 file_size=33554432 scratch_space=67108864
// weak: wall
constexpr unsigned f() {
  unsigned x = 1;
  for (int i = 0; i < 2000000000; ++i) x = x * 3 + 1;
  return x;
}
static_assert(f() != 1);
int main() {}
