class TooMuch(ValueError):
    pass


def solve(x):
    raise TooMuch("much")
# TESTS
def check(candidate):
    try:
        candidate(1)
    except ValueError as error:
        assert "much" in str(error)
        return
    assert False
