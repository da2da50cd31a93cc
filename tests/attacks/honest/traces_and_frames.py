import inspect
import sys
import traceback


def solve(x):
    try:
        raise ValueError(x)
    except ValueError:
        lines = traceback.format_exc().splitlines()
    return lines[-1], inspect.currentframe().f_code.co_name, sys.gettrace()
# TESTS
def check(candidate):
    assert candidate(7) == ("ValueError: 7", "solve", None)
