# class: 46 dangerous system calls
# tries: holds the kernel at a page of its own
# sees: says
# defended: the filter
# weak: seccomp root
reaches_kernel("userfaultfd", 323, 1 << 20)
