// class: 69 other languages: at run time
// tries: sends a signal from Node
// sees: victim
// defended: a process namespace
// argv: exec /usr/bin/node --no-deprecation /box/attack.js
// limits: address_space=0 wall_time=8000 cpu_time=8000
// weak: pid
process.kill(@VICTIM@, "SIGKILL");
setTimeout(() => {}, 200);
