# class: 20 signals ignored
# tries: ignores SIGXCPU and goes on computing
# sees: late
# defended: the hard limit of CPU time is the soft one
# limits: cpu_time=1000 wall_time=1200
# weak: cpu wall
import signal
signal.signal(signal.SIGXCPU, signal.SIG_IGN)
while True:
    pass
