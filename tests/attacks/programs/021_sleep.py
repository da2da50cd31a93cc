# class: 21 sleep
# tries: sleeps much longer than it may
# sees: late
# defended: the wall clock
# limits: wall_time=600
# weak: wall
import time
time.sleep(60)
