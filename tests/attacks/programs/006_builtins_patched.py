# class: 6 patched unittest and builtins
# tries: replaces range, so that tests have nothing to try
# sees: passed
# defended: the tests run in a process of their own
# weak: naive in_process
import builtins
builtins.range = lambda *_: []


def solve(x):
    return 0
