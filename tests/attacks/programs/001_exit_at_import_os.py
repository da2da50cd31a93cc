# class: 1 exit at import
# tries: leaves by os._exit in a definition's default argument
# sees: passed
# defended: the verdict is the tests' process's own, not an exit code
# weak: naive by_exit
import os


def solve(x, y=os._exit(0)):
    return 0
