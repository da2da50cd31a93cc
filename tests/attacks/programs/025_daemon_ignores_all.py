# class: 25 double fork and setsid survivor
# tries: a daemon that ignores signals and closed everything
# sees: survivor
# defended: a process namespace that ends with its first process
# limits: wall_time=3000
# weak: pid die
import signal
import time
for _ in range(3):
    if os.fork():
        os._exit(0)
    os.setsid()
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
os.closerange(0, 64)
time.sleep(20)
