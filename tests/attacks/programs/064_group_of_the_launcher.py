# class: 64 sibling run
# tries: signals and joins groups and sessions that began outside
# sees: says victim
# defended: a session of its own
# weak: none: it ended the fast tier's launcher until programs left its group
import signal
if os.getpgid(0) == 0 or os.getsid(0) == 0:
    escaped("a group or session from outside")
for number in (signal.SIGUSR1, signal.SIGKILL):
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    os.kill(0, number)
