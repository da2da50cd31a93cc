def solve(x):
    return x ^ 1
# TESTS
def check(candidate):
    for x in range(1500):
        assert candidate(x) == x ^ 1
