# class: 39 network and metadata
# tries: a shell's own network device
# sees: connection leak
# defended: no sockets, and a network namespace
# argv: exec /bin/bash /box/attack.sh
# weak: net seccomp
exec 5<>/dev/tcp/127.0.0.1/@PORT@ && head -c 40 <&5
