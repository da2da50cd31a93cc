import sys


def solve(n):
    for i in range(n):
        print("line", i, "passed failed \x1b[31m")
        print("to stderr", file=sys.stderr)
    sys.stdout.flush()
    return n
# TESTS
def check(candidate):
    assert candidate(5000) == 5000
