# class: 40 unix sockets
# tries: sends a descriptor over a pair, as to a process with more rights
# sees: says
# defended: the filter knows no sendmsg
# weak: seccomp
import array
import socket
ours, theirs = socket.socketpair()
ours.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                       array.array("i", [0]))])
escaped("sendmsg")
