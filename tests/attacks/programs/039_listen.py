# class: 39 network and metadata
# tries: listens, to be reached from outside
# sees: says
# defended: no sockets
# weak: net seccomp
import socket
with socket.socket() as link:
    link.bind(("127.0.0.1", 0))
    link.listen()
    escaped(link.getsockname())
