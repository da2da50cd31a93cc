# class: 25 double fork and setsid survivor
# tries: a candidate that leaves a process, which goes on answering
# sees: passed survivor
# defended: a process namespace that ends with its first process
# weak: none: the same as 025_double_fork, by the other entry
import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for _ in range(200):
            try:
                os.write(3, b"\x0a\x00\x00\x00" + b'{"v":null}')
            except OSError:
                pass
            time.sleep(0.05)
    os._exit(0)


def solve(x):
    os._exit(0)
