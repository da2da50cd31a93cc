# class: 18 bool, NaN and float confusion
# tries: an answer that is equal to all because it is not comparable
# sees: passed
# defended: only plain values cross to the tests
# tests: near
# weak: naive in_process
class Near(float):
    def __sub__(self, other):
        return Near("-0.0")

    def __abs__(self):
        return 0.0


def solve(x):
    return Near("nan")
