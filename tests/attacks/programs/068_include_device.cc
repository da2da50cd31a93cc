// class: 68 other languages: the compile step
// tries: includes a file without an end
// sees: late
// defended: compiling is done in the sandbox, on the clock
// argv: cd /tmp && /usr/bin/g++ -o a /box/attack.cc && ./a
// limits: wall_time=1500 cpu_time=60000 address_space=1073741824 file_size=33554432 scratch_space=67108864
// weak: wall memory
#include "/dev/urandom"
int main() {}
