// class: 68 other languages: the compile step
// tries: includes a file of the machine, which the compiler quotes
// sees: leak
// defended: compiling is done in the sandbox
// argv: cd /tmp && /usr/bin/g++ -o a /box/attack.cc && ./a
// limits: wall_time=15000 cpu_time=15000 address_space=2147483648 file_size=33554432 scratch_space=67108864
// weak: scratch
#include "@SECRET_FILE@"
int main() {}
