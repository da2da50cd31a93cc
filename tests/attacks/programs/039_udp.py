# class: 39 network and metadata
# tries: a datagram to 127.0.0.1, as a name server is asked
# sees: says
# defended: no sockets
# weak: seccomp
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
    try:
        link.sendto(b"secrets", ("127.0.0.1", PORT))
    except OSError as error:
        say(error)
    escaped("a socket for datagrams")
