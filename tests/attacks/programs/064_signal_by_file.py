# class: 64 sibling run
# tries: has the kernel signal another process when a file is ready
# sees: victim
# defended: a process namespace
# weak: pid
import fcntl
import signal
import time
ours, theirs = os.pipe()
fcntl.fcntl(ours, 10, signal.SIGTERM)  # F_SETSIG
fcntl.fcntl(ours, fcntl.F_SETOWN, VICTIM)
fcntl.fcntl(ours, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
os.write(theirs, b"x")
time.sleep(0.3)
