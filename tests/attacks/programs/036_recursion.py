# class: 36 recursion
# tries: recursion that overruns the C stack
# sees: passed
# defended: an end without a verdict is no pass
# weak: none: a crash is never taken for a pass here
import sys
sys.setrecursionlimit(1 << 30)


def solve(x):
    return solve(x + 1)
