def solve(text):
    return len(text)
# TESTS
def check(candidate):
    assert candidate("x" * 3_000_000) == 3_000_000
