# class: 21 sleep
# tries: waits for a lock that nobody frees
# sees: late
# defended: the wall clock
# limits: wall_time=600
# weak: wall
import threading
lock = threading.Lock()
lock.acquire()
lock.acquire()
