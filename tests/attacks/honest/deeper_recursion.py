import sys

sys.setrecursionlimit(5000)


def solve(n):
    return 1 if n == 0 else n % 7 + solve(n - 1)
# TESTS
def check(candidate):
    assert candidate(3000) == 1 + sum(n % 7 for n in range(3001))
