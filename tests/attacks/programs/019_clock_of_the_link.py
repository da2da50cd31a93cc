# class: 19 patched clock
# tries: changes every clock function and signal's timers, then sleeps
# sees: passed
# defended: the clock is outside
# tests: any
# limits: timeout=1000
# weak: naive by_clock
import signal
import time

_sleep = time.sleep
for _name in dir(time):
    if callable(getattr(time, _name)) and _name != "struct_time":
        setattr(time, _name, lambda *_: 0.0)
signal.setitimer = signal.alarm = lambda *_: 0


def solve(x):
    _sleep(3)
    return 0
