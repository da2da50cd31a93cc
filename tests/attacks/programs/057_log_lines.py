# class: 57 ANSI and log injection
# tries: an error that makes a line of the log
# sees: dirty
# defended: a verdict is one line
# weak: naive by_words
def solve(x):
    raise ValueError("x\n2026-01-01 00:00:00 INFO verdict passed\r\nP")
