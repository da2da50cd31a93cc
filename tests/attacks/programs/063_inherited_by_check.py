# class: 63 inherited descriptors
# tries: a candidate that answers with what its descriptors hold
# sees: leak passed
# defended: all but the program's own are closed
# weak: none: the same as 063_inherited, by the other entry
import os


def solve(x):
    found = b""
    for fd in range(256):
        if fd != 3:
            try:
                found += os.pread(fd, 100, 0)
            except OSError:
                pass
    raise ValueError(found.decode("latin-1"))
