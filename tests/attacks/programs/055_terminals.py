# class: 55 TIOCSTI
# tries: opens terminals
# sees: says
# defended: a /dev of its own, a session of its own
# weak: dev
for name in ("/dev/tty", "/dev/console", "/dev/tty1", "/dev/ttyS0",
             "/dev/autofs", "/dev/kmsg", "/dev/vcs"):
    try:
        os.close(os.open(name, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK))
        escaped(name)
    except OSError as error:
        say(error)
