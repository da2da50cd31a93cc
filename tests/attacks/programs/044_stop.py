# class: 44 signals to others
# tries: stops another process
# sees: victim
# defended: a process namespace
# weak: pid
import signal
os.kill(VICTIM, signal.SIGSTOP)
import time
time.sleep(0.2)
