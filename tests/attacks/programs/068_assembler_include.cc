// class: 68 other languages: the compile step
// tries: has the assembler quote a file of the machine
// sees: leak
// defended: compiling is done in the sandbox
// argv: cd /tmp && /usr/bin/g++ -o a /box/attack.cc && ./a
// limits: wall_time=15000 cpu_time=15000 address_space=2147483648 file_size=33554432 scratch_space=67108864
// weak: scratch
asm(".include \"@SECRET_FILE@\"");
int main() {}
