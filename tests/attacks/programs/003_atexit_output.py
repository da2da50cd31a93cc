# class: 3 atexit forges output
# tries: prints the success line when the process ends
# sees: passed
# defended: output is no verdict
# weak: naive by_last_line
import atexit
atexit.register(print, "\npassed")


def solve(x):
    return 0
