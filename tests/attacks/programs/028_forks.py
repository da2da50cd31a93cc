# class: 28 400 forks
# tries: forks 400 times
# sees: says
# defended: the limit of processes
# limits: wall_time=4000
# weak: nproc
import time
made = 0
for _ in range(400):
    try:
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
        made += 1
    except OSError as error:
        say(error)
        break
say(made)
if made > 30:
    escaped(made)
os._exit(0)
