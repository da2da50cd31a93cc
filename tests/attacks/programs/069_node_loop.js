// class: 69 other languages: at run time
// tries: never yields
// sees: late
// defended: the wall clock
// argv: exec /usr/bin/node /box/attack.js
// limits: address_space=0 wall_time=1000 cpu_time=60000
// weak: wall
for (;;) {}
