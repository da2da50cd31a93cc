# class: 52 marker for the next run
# tries: leaves a flag on the standard descriptors
# sees: says
# defended: the standard descriptors are opened anew for each start
# starts: 3
# weak: none: the reference tier opens them anew by its nature
import fcntl
for fd in range(3):
    try:
        flags = fcntl.fcntl(fd, fcntl.F_GETFL)
    except OSError:
        continue
    if flags & os.O_APPEND:
        escaped("a flag of the start before")
    fcntl.fcntl(fd, fcntl.F_SETFL, flags | os.O_APPEND)
