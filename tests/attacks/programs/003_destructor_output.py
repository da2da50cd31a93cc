# class: 3 atexit forges output
# tries: prints the success line from a destructor at the end
# sees: passed
# defended: output is no verdict
# weak: naive by_last_line
import os


class Last:
    def __del__(self, write=os.write):
        write(1, b"\npassed\n")


import sys
sys.flush_last = Last()


def solve(x):
    return 0
