# class: 27 SIGSTOP itself
# tries: stops, so that it neither runs nor ends
# sees: late
# defended: the wall clock, and SIGKILL
# limits: wall_time=600
# weak: wall pid
import signal
if os.fork() == 0:
    os.kill(os.getpid(), signal.SIGSTOP)
os.kill(os.getpid(), signal.SIGSTOP)
os.wait()
