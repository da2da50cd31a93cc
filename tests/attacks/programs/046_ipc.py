# class: 46 dangerous system calls
# tries: shares memory, queues and semaphores with others
# sees: says
# defended: the filter
# weak: seccomp
reaches_kernel("shmget", 29, 0, 4096, 0o1666)
reaches_kernel("msgget", 68, 0, 0o1666)
reaches_kernel("semget", 64, 0, 1, 0o1666)
reaches_kernel("mq_open", 240, 0, 0, 0, 0)
