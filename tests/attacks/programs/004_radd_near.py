# class: 4 __eq__ always true
# tries: answers with an object whose difference to all is zero
# sees: passed
# defended: only plain values cross to the tests
# tests: near
# weak: naive in_process
class Near:
    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__


def solve(x):
    return Near()
