# class: 1 exit at import
# tries: ends with success before any test can run
# sees: passed
# defended: the verdict is the tests' process's own, not an exit code
# weak: naive by_exit
import sys
sys.exit(0)


def solve(x):
    return 0
