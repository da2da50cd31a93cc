# class: 67 errors that mean something
# tries: raises StopIteration where the tests loop over map(candidate, ...)
# sees: passed
# defended: StopIteration doesn't cross
# tests: map
# weak: naive in_process
def solve(x):
    raise StopIteration
