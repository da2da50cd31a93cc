# class: 46 dangerous system calls
# tries: asks for a ring, by which calls pass every filter
# sees: says
# defended: the filter
# weak: seccomp
reaches_kernel("io_uring_setup", 425, 0, 0)
reaches_kernel("io_uring_enter", 426, -1, 0, 0, 0, 0, 0)
reaches_kernel("io_uring_register", 427, -1, 0, 0, 0)
