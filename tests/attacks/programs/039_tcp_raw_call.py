# class: 39 network and metadata
# tries: the same by raw system calls
# sees: says
# defended: the filter
# weak: seccomp
reaches_kernel("socket", 41, 2, 1, 0)
