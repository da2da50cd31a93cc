# class: 1 exit at import
# tries: becomes another program, which succeeds
# sees: passed
# defended: the verdict is the tests' process's own, not an exit code
# weak: naive by_exit
import os
os.execv("/usr/bin/true", ["true"])


def solve(x):
    return 0
