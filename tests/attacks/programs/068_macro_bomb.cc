// class: 68 other languages: the compile step
// tries: macros that double with each level
// sees: late
// defended: compiling is done in the sandbox, on the clock
// argv: cd /tmp && /usr/bin/g++ -E -o /dev/null /box/attack.cc
// limits: wall_time=1500 cpu_time=60000 address_space=1073741824 file_size=33554432 scratch_space=67108864
// weak: wall

// The compiler proper keeps every token: memory would end it before its time.
#define A B B B B B B B B
#define B C C C C C C C C
#define C D D D D D D D D
#define D E E E E E E E E
#define E F F F F F F F F
#define F G G G G G G G G
#define G H H H H H H H H
#define H I I I I I I I I
#define I 1 +
int main() { return A 0; }
