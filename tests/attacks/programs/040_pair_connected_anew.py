# class: 40 unix sockets
# tries: connects one end of an anonymous pair to an abstract name
# sees: connection leak
# defended: the filter knows no connect
# weak: net seccomp
import socket
ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
named = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)[0]
for end in (ours, named):
    try:
        end.connect(ABSTRACT)
        say(end.recv(100))
    except OSError as error:
        say(error)
with socket.socket(socket.AF_UNIX) as link:
    link.connect(ABSTRACT)
    say(link.recv(100))
