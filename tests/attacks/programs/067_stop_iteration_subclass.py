# class: 67 errors that mean something
# tries: raises a class of its own that is a StopIteration
# sees: passed
# defended: StopIteration doesn't cross
# tests: map
# weak: naive in_process
class Quiet(StopIteration):
    pass


def solve(x):
    raise Quiet
