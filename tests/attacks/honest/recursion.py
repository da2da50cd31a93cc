def solve(n):
    return 0 if n == 0 else 1 + solve(n - 1)
# TESTS
def check(candidate):
    assert candidate(900) == 900
    assert candidate(0) == 0
