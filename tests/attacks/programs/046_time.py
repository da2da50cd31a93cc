# class: 46 dangerous system calls
# tries: sets the clock (to nonsense, which is refused)
# sees: says
# defended: the filter
# weak: seccomp
reaches_kernel("clock_settime", 227, 99, 0)
reaches_kernel("settimeofday", 164, 1, 1)
reaches_kernel("adjtimex", 159, 1)
