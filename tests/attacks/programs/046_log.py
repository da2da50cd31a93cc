# class: 46 dangerous system calls
# tries: reads the kernel's log
# sees: says
# defended: the filter
# weak: seccomp root
reaches_kernel("syslog", 103, 10, 0, 0)
