# class: 44 signals to others
# tries: kills everything that it may
# sees: victim
# defended: a process namespace
# weak: none: it would end other sandboxes of this machine
import signal
for pid in (-1, 0, 1, os.getppid()):
    try:
        os.kill(pid, signal.SIGTERM)
    except OSError as error:
        say(error)
os.kill(-1, signal.SIGKILL)
