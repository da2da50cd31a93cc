# class: 62 devices
# tries: opens the machine's devices
# sees: says
# defended: a /dev of its own
# weak: dev
for name in ("autofs", "kmsg", "mem", "port", "kvm", "fuse", "loop0", "vda",
             "hwrng", "nvram", "rtc0", "userfaultfd", "vhost-net"):
    try:
        os.close(os.open("/dev/" + name, os.O_RDONLY | os.O_NONBLOCK))
        escaped(name)
    except OSError as error:
        say(error)
