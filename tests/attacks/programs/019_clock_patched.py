# class: 19 patched clock
# tries: stops the harness's clock, so that it is never too slow
# sees: passed
# defended: the clock is outside
# tests: any
# limits: timeout=1000
# weak: naive by_clock
import time

_sleep = time.sleep
time.monotonic = lambda: 0.0
time.time = lambda: 0.0


def solve(x):
    _sleep(3)
    return 0
