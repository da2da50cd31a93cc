# class: 18 bool, NaN and float confusion
# tries: True, which is not less than a tolerance but equal to 1
# sees: passed
# defended: the tests' own comparison
# tests: typed
# weak: naive in_process
import builtins


class Like(int):
    __class__ = int

    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


builtins.type = lambda value: int


def solve(x):
    return Like(True)
