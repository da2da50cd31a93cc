def solve(n):
    def down(n):
        return down(n + 1)
    try:
        return down(n)
    except RecursionError:
        return "too deep"
# TESTS
def check(candidate):
    assert candidate(0) == "too deep"
