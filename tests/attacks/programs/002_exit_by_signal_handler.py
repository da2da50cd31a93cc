# class: 2 exit in the call
# tries: an alarm's handler ends the process with success
# sees: passed
# defended: an end without a verdict is no pass
# weak: naive by_exit
import os
import signal
import time

signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
signal.setitimer(signal.ITIMER_REAL, 0.05)


def solve(x):
    time.sleep(1)
    return 0
