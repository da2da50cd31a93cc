// class: 69 other languages: at run time
// tries: writes where others read
// sees: marker
// defended: a root of its own
// argv: exec /usr/bin/node --no-deprecation /box/attack.js
// limits: address_space=0 wall_time=8000 cpu_time=8000
// weak: scratch-rw
require("fs").writeFileSync("@MARKERS@/from-node", "x");
