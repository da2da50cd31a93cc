import math


def solve(x):
    return [x, -x, x / 3, math.inf, -math.inf, math.nan, 1e-320, -0.0]
# TESTS
import math


def check(candidate):
    got = candidate(0.1)
    assert got[:5] == [0.1, -0.1, 0.1 / 3, math.inf, -math.inf]
    assert math.isnan(got[5]) and got[6] == 1e-320
    assert math.copysign(1, got[7]) == -1 and type(got[0]) is float
    assert math.isnan(candidate(math.nan)[0])
