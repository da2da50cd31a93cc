# class: 25 double fork and setsid survivor
# tries: leaves a process of a session of its own
# sees: survivor
# defended: a process namespace that ends with its first process
# limits: wall_time=3000
# weak: pid die
import time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(20)
    os._exit(0)
os.wait()
os._exit(0)
