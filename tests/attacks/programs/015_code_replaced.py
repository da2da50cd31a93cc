# class: 15 harness functions replaced
# tries: replaces the code of its caller's functions
# sees: passed
# defended: the harness is in another process
# weak: naive in_function
import sys


def solve(x):
    names = sys._getframe(1).f_globals
    if "same" in names:
        names["same"].__code__ = (lambda got, wanted: True).__code__
    return 0
