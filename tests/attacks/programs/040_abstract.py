# class: 40 unix sockets
# tries: connects to a socket with an abstract name
# sees: connection leak
# defended: no sockets, and a network namespace
# weak: net seccomp
import socket
with socket.socket(socket.AF_UNIX) as link:
    link.connect(ABSTRACT)
    say(link.recv(100))
