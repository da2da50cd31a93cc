# class: 46 dangerous system calls
# tries: loads a program into the kernel
# sees: says
# defended: the filter
# weak: seccomp
reaches_kernel("bpf", 321, 999, 0, 0)
reaches_kernel("seccomp", 317, 99, 0, 0)
