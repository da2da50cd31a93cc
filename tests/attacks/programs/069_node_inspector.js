// class: 69 other languages: at run time
// tries: opens Node's debugger to others
// sees: says
// defended: no sockets, and a network namespace
// argv: exec /usr/bin/node --no-deprecation /box/attack.js
// limits: address_space=0 wall_time=8000 cpu_time=8000
// weak: net seccomp
require("inspector").open(0, "127.0.0.1");
if (require("inspector").url()) console.log("ESCAPED " + require("inspector").url());
