# class: 44 signals to others
# tries: kills another process
# sees: victim
# defended: a process namespace
# weak: pid
import signal
os.kill(VICTIM, signal.SIGKILL)
import time
time.sleep(0.2)
