# class: 2 exit in the call
# tries: ends with success when it is asked
# sees: passed
# defended: an end without a verdict is no pass
# weak: naive by_exit
import os


def solve(x):
    os._exit(0)
