def solve(n):
    return list(range(n))
# TESTS
def check(candidate):
    assert candidate(200_000) == list(range(200_000))
