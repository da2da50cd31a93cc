# class: 8 settrace
# tries: a trace function that changes the tests' expectations as they run
# sees: passed
# defended: the tests run in a process of their own
# weak: naive in_process
import sys


def trace(frame, event, argument):
    if "EXPECTED" in frame.f_globals:
        frame.f_globals["EXPECTED"][:] = [0] * 20
    return trace


sys.settrace(trace)


def solve(x):
    return 0
