# class: 17 repr bomb and deep nesting
# tries: an answer of 300 MB
# sees: passed
# defended: frames have a limit
# weak: none: it only ever hurts the candidate
def solve(x):
    return "x" * (300 << 20)
