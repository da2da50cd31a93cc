// class: 39 network and metadata
// tries: connects from JavaScript
// sees: connection leak
// defended: no sockets, and a network namespace
// argv: exec /usr/bin/node /box/attack.js
// limits: address_space=0 wall_time=8000 cpu_time=8000
// weak: net seccomp
require("net").connect(@PORT@, "127.0.0.1", function () {
  this.on("data", (data) => console.log(String(data)));
}).on("error", (error) => console.log(error.message));
