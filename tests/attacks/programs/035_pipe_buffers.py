# class: 35 fds
# tries: fills pipes of 1 MiB each, which no limit of memory counts
# sees: says
# defended: the limit of open files, and the kernel's of a user's pipes
# weak: files
import fcntl
total = 0
try:
    for _ in range(200):
        ours, theirs = os.pipe()
        try:
            size = fcntl.fcntl(theirs, 1031, 1 << 20)  # F_SETPIPE_SZ
        except OSError:
            size = 65536
        os.set_blocking(theirs, False)
        total += os.write(theirs, bytes(size))
except OSError as error:
    pass
os.closerange(40, 60)
if total > 40 << 20:
    escaped(total)
