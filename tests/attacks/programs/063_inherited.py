# class: 63 inherited descriptors
# tries: reads every descriptor that it finds open
# sees: leak
# defended: all but the program's own are closed
# weak: fds
for fd in range(4, 256):
    try:
        say(os.pread(fd, 100, 0))
    except OSError:
        pass
