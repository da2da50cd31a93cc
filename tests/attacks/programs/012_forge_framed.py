# class: 12 forge on all fds
# tries: writes a framed verdict to every open descriptor when it is called
# sees: passed
# defended: the verdict's descriptor is never in the candidate's process
# weak: naive by_fd
import os


def solve(x):
    for fd in range(3, 256):
        for text in (b"P", b"\x01\x00\x00\x00P"):
            try:
                os.write(fd, text)
            except OSError:
                pass
    os._exit(0)
