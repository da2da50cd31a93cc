# class: 21 sleep
# tries: opens a queue that nobody writes to
# sees: late
# defended: the wall clock
# limits: wall_time=600
# weak: wall seccomp
os.mkfifo("/tmp/fifo")
open("/tmp/fifo").read()
