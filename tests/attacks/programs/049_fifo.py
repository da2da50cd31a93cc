# class: 49 FIFO, hardlink, device
# tries: makes a queue, on which a reader outside would hang
# sees: says
# defended: the filter knows no mknod
# weak: seccomp
os.mkfifo("/tmp/fifo")
escaped("a queue")
