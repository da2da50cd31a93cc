# class: 2 exit in the call
# tries: another thread ends the process while the test waits
# sees: passed
# defended: an end without a verdict is no pass
# weak: naive by_exit
import os
import threading
import time


def leave():
    time.sleep(0.05)
    os._exit(0)


threading.Thread(target=leave).start()


def solve(x):
    time.sleep(1)
    return 0
