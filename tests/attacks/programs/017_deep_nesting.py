# class: 17 repr bomb and deep nesting
# tries: an answer so deep that comparing it breaks
# sees: passed
# defended: what can't be read is a failure
# weak: none: Python refuses such depth everywhere; this is for the tests' process
def solve(x):
    value = []
    for _ in range(100_000):
        value = [value]
    return value
