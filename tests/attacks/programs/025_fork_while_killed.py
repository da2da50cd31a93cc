# class: 25 double fork and setsid survivor
# tries: forks without end, each generation replacing the last, until the wall
#   clock ends it
# sees: survivor
# defended: a process namespace that ends with its first process
# limits: wall_time=700 cpu_time=30000
# weak: pid die
import time
until = time.monotonic() + 20
while time.monotonic() < until:
    try:
        if os.fork() == 0:
            os.setsid()
        else:
            time.sleep(0.02)
            os._exit(0)
    except OSError:
        time.sleep(0.01)
