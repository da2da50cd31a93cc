# class: 46 dangerous system calls
# tries: renames the machine (at a bad address)
# sees: says
# defended: the filter
# weak: seccomp root
reaches_kernel("sethostname", 170, 1, 5)
reaches_kernel("setdomainname", 171, 1, 5)
