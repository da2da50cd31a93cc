# class: 29 2,000 threads
# tries: starts 500 threads
# sees: says
# defended: threads count as processes
# limits: wall_time=5000 cpu_time=5000
# weak: nproc memory
import threading
import time
threading.stack_size(65536)
made = 0
for _ in range(500):
    try:
        threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
        made += 1
    except RuntimeError as error:
        say(error)
        break
if made > 30:
    escaped(made)
os._exit(0)
