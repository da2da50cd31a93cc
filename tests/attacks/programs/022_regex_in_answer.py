# class: 22 regex in C
# tries: the same when it is asked, with the clock's signal blocked
# sees: passed
# defended: the clock is outside
# tests: any
# limits: timeout=700
# weak: none: the naive harness would hang, and hanging is no pass
import re
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))


def solve(x):
    return re.match(r"(a+)+$", "a" * 40 + "b")
