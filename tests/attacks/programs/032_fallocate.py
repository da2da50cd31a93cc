# class: 32 1 TiB sparse
# tries: reserves 64 MiB at once
# sees: says
# defended: the size of /tmp and of a file
# weak: fsize disk
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open("/tmp/file", "wb") as file:
    try:
        os.posix_fallocate(file.fileno(), 0, 64 << 20)
    except OSError as error:
        say(error)
    else:
        escaped("64 MiB")
