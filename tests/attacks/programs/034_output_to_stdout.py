# class: 34 1 GiB output
# tries: prints without end while it is asked
# sees: passed
# defended: a candidate's output is not kept
# limits: timeout=1500
# weak: none: the naive harnesses' output is bounded by the sandbox
import os


def solve(x):
    while True:
        os.write(1, b"x" * 65536)
