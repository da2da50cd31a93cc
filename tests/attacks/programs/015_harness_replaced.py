# class: 15 harness functions replaced
# tries: replaces the harness's comparison in its main module
# sees: passed
# defended: the harness is in another process
# weak: naive in_function
import sys
sys.modules["__main__"].same = lambda got, wanted: True


def solve(x):
    return 0
