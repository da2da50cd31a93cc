# class: 20 signals ignored
# tries: ignores every signal and never ends
# sees: late
# defended: SIGKILL from outside when the time is over
# limits: wall_time=600 cpu_time=30000
# weak: wall
import signal
import time
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    time.sleep(1)
