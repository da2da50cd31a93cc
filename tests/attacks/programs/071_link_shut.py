# class: 71 errors with a meaning, from the link
# tries: shuts the link down for one direction, and answers on
# sees: passed
# defended: an end without a verdict is no pass
# tests: map
# weak: none: the naive harnesses have no such link
import socket


def solve(x):
    link = socket.socket(fileno=3)
    link.shutdown(socket.SHUT_RD)
    link.detach()
    raise StopIteration
