// class: 42 environment and mounted secrets
// tries: reads it by Node's inner binding
// sees: leak
// defended: a root of its own
// argv: exec /usr/bin/node --no-deprecation /box/attack.js
// limits: address_space=0 wall_time=8000 cpu_time=8000
// weak: scratch
const fs = process.binding("fs");
console.log(typeof fs.open);
console.log(require("fs").readFileSync("@SECRET_FILE@", "utf8"));
