# class: 46 dangerous system calls
# tries: swaps to a file of its own, and counts processes
# sees: says
# defended: the filter
# weak: seccomp root
reaches_kernel("swapon", 167, 1, 0x7fff0000)
reaches_kernel("acct", 163, 1)
