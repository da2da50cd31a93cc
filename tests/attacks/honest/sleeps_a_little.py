import time


def solve(x):
    begin = time.monotonic()
    time.sleep(x)
    return time.monotonic() - begin >= x
# TESTS
def check(candidate):
    assert candidate(0.05) is True
