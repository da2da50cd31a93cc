// class: 69 other languages: at run time
// tries: starts children that stay
// sees: survivor
// defended: a process namespace that ends with its first process
// argv: exec /usr/bin/node --no-deprecation /box/attack.js
// limits: address_space=0 wall_time=8000 cpu_time=8000
// weak: pid die
const child = require("child_process").spawn("/bin/sleep", ["20"], {
  detached: true, stdio: "ignore"});
child.on("error", (error) => console.log(error.message));
child.unref();
