# class: 55 TIOCSTI
# tries: types into the terminal of who started it
# sees: says
# defended: the filter, and a session of its own
# weak: seccomp
reaches_kernel("TIOCSTI", 16, 0, 0x5412, 0)
reaches_kernel("TIOCLINUX", 16, 0, 0x541c, 0)
reaches_kernel("TIOCSCTTY", 16, 0, 0x540e, 0)
