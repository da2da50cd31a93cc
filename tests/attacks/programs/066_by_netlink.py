# class: 66 odd socket families
# tries: speaks with the kernel by netlink, vsock, alg
# sees: says
# defended: the filter
# weak: seccomp
import socket
for family in (socket.AF_NETLINK, 40, 38, 17, 44):
    try:
        socket.socket(family, socket.SOCK_RAW).close()
        escaped(family)
    except OSError as error:
        say(error)
