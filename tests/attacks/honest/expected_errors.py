def solve(x):
    if x < 0:
        raise ValueError("negative")
    if x == 0:
        raise ZeroDivisionError
    if x == 1:
        return {}["one"]
    if x == 2:
        assert False, "two"
    raise OverflowError("large", x)
# TESTS
def check(candidate):
    for x, kind in ((-1, ValueError), (0, ZeroDivisionError), (1, KeyError),
                    (2, AssertionError), (9, OverflowError)):
        try:
            candidate(x)
        except kind:
            continue
        raise AssertionError(x)
