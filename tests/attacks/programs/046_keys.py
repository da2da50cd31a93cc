# class: 46 dangerous system calls
# tries: leaves a key in the kernel
# sees: says
# defended: the filter
# weak: seccomp
reaches_kernel("add_key", 248, 0, 0, 0, 0, 0)
reaches_kernel("keyctl", 250, 9999)
reaches_kernel("request_key", 249, 0, 0, 0, 0)
