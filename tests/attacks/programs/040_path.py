# class: 40 unix sockets
# tries: connects to a socket by its path
# sees: connection leak
# defended: no sockets, and no such path
# weak: scratch seccomp
import socket
with socket.socket(socket.AF_UNIX) as link:
    link.connect(UNIX_SOCKET)
    say(link.recv(100))
