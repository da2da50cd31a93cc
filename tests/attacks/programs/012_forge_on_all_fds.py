# class: 12 forge on all fds
# tries: writes a passing verdict to every open descriptor, as raw byte
# sees: passed
# defended: the verdict's descriptor is never in the candidate's process
# weak: naive by_fd
import os

for fd in range(3, 64):
    try:
        os.write(fd, b"P")
    except OSError:
        pass
os._exit(0)


def solve(x):
    return 0
