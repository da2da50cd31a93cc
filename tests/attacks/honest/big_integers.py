import math


def solve(n):
    return math.factorial(n)
# TESTS
import math


def check(candidate):
    assert candidate(500) == math.factorial(500)
    assert candidate(2000) % 2003 == math.factorial(2000) % 2003
