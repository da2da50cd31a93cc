seen = {}


def solve(x):
    seen[x] = seen.get(x, 0) + 1
    return seen[x]
# TESTS
def check(candidate):
    assert [candidate(1), candidate(1), candidate(2)] == [1, 2, 1]
