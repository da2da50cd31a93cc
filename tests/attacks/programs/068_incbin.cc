// class: 68 other languages: the compile step
// tries: makes a file of the machine part of the program
// sees: leak
// defended: compiling is done in the sandbox
// argv: cd /tmp && /usr/bin/g++ -o a /box/attack.cc && ./a
// limits: wall_time=15000 cpu_time=15000 address_space=2147483648 file_size=33554432 scratch_space=67108864
// weak: scratch
#include <unistd.h>
asm(".pushsection .rodata\nbegin: .incbin \"@SECRET_FILE@\"\nend:\n.popsection");
extern "C" const char begin[] asm("begin"), end[] asm("end");
int main() { return write(1, begin, end - begin) < 0; }
