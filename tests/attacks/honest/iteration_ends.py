def solve(items):
    it = iter(items)
    found = []
    while True:
        try:
            found.append(next(it))
        except StopIteration:
            return found
# TESTS
def check(candidate):
    assert list(map(candidate, [[1, 2], [], [3]])) == [[1, 2], [], [3]]
