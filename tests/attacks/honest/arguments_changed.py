def solve(items, extra=None, *, turned=False):
    items = items + (extra or [])
    return items[::-1] if turned else items
# TESTS
def check(candidate):
    given = [1, 2]
    assert candidate(given, [3], turned=True) == [3, 2, 1]
    assert candidate(given) == [1, 2] and given == [1, 2]
