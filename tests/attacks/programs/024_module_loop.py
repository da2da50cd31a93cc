# class: 24 module-level loop
# tries: never finishes being loaded
# sees: passed
# defended: the clock runs from the start
# tests: any
# limits: timeout=700
# weak: none: the naive harness would hang, and hanging is no pass
while True:
    pass


def solve(x):
    return 0
