# class: 46 dangerous system calls
# tries: watches all files of the machine
# sees: says
# defended: the filter
# weak: seccomp root
reaches_kernel("fanotify_init", 300, 1 << 31, 0)
reaches_kernel("quotactl", 179, 1, 1, 0, 0)
reaches_kernel("lookup_dcookie", 212, 0, 1, 1)
