# class: 26 grandchild holds stdout
# tries: ends, while a grandchild keeps its outputs open
# sees: late survivor
# defended: a process namespace that ends with its first process
# limits: wall_time=1000
# weak: pid die
import time
if os.fork() == 0:
    os.setsid()
    time.sleep(15)
os._exit(0)
