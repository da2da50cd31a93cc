# class: 46 dangerous system calls
# tries: changes its descriptor table, and hangs up terminals
# sees: says
# defended: the filter
# weak: seccomp
reaches_kernel("modify_ldt", 154, 99, 0, 0)
reaches_kernel("memfd_secret", 447, 1 << 20)
