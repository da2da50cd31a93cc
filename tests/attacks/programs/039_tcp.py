# class: 39 network and metadata
# tries: connects to a listener on 127.0.0.1
# sees: connection leak
# defended: no sockets, and a network namespace with nothing in it
# weak: net seccomp
import socket
with socket.create_connection(("127.0.0.1", PORT), 2) as link:
    say(link.recv(100))
