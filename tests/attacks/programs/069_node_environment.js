// class: 69 other languages: at run time
// tries: prints Node's environment
// sees: leak
// defended: an environment of its own
// argv: exec /usr/bin/node --no-deprecation /box/attack.js
// limits: address_space=0 wall_time=8000 cpu_time=8000
// weak: env
console.log(JSON.stringify(process.env));
