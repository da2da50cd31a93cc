# class: 46 dangerous system calls
# tries: reboots (with a magic number that is none)
# sees: says
# defended: the filter
# weak: seccomp root
reaches_kernel("reboot", 169, 1, 1, 0, 0)
