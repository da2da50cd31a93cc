# class: 67 errors that mean something
# tries: answers the sentinel that ends the tests' own loop
# sees: passed
# defended: StopIteration doesn't cross
# tests: iter
# weak: naive in_process
def solve(x):
    raise StopIteration("done")
