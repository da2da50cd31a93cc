# class: 32 1 TiB sparse
# tries: a sparse file of 1 TiB
# sees: says
# defended: the limit of a file's size
# weak: fsize
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open("/tmp/sparse", "wb") as file:
    try:
        os.truncate(file.fileno(), 1 << 40)
    except OSError as error:
        say(error)
    else:
        escaped(os.stat("/tmp/sparse").st_size)
