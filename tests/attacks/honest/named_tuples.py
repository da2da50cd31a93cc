import collections
import enum

Point = collections.namedtuple("Point", "x y")


class Colour(enum.IntEnum):
    RED = 3


def solve(x):
    return Point(x, Colour.RED)
# TESTS
def check(candidate):
    assert candidate(1) == (1, 3)
