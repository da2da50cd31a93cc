# class: 28 400 forks
# tries: raises its own limit of processes before it forks
# sees: says
# defended: a hard limit, and no right to raise it
# limits: wall_time=4000
# weak: nproc
import resource
import time
for limit in ((1 << 16, 1 << 16), (600, 600)):
    try:
        resource.setrlimit(resource.RLIMIT_NPROC, limit)
    except (OSError, ValueError) as error:
        say(error)
made = 0
for _ in range(200):
    try:
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
        made += 1
    except OSError:
        break
if made > 30:
    escaped(made)
os._exit(0)
