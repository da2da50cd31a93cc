# class: 52 marker for the next run
# tries: changes what a process inherits: umask, folder, signals, nice, limits
# sees: says
# defended: the launcher's own state is never a program's
# starts: 3
# weak: none: the reference tier starts a new process each time
import resource
import signal
mask = os.umask(0)
handler = signal.getsignal(signal.SIGUSR1)
soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [])
if (mask == 0o123 or os.getcwd() == "/usr" or soft == 17 or
        handler == signal.SIG_IGN or signal.SIGUSR2 in blocked):
    escaped((mask, os.getcwd(), soft, handler, blocked))
os.umask(0o123)
os.chdir("/usr")
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
resource.setrlimit(resource.RLIMIT_NOFILE, (17, 17))
