# class: 28 400 forks
# tries: each child forks again
# sees: says
# defended: the limit of processes
# limits: wall_time=4000
# weak: nproc
import time
ours, theirs = os.pipe()
for _ in range(7):
    try:
        if os.fork() == 0:
            os.write(theirs, b"x")
    except OSError:
        break
time.sleep(1)
made = len(os.read(ours, 4096))
if made > 30:
    os.write(3, b"ESCAPED\n")
os._exit(0)
