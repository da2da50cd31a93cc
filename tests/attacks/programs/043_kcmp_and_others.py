# class: 43 ptrace, process_vm_readv, pidfd_getfd
# tries: compares, advises and traces other processes
# sees: says
# defended: the filter
# weak: seccomp
reaches_kernel("kcmp", 312, 999999, 999999, 0, 0, 0)
reaches_kernel("process_madvise", 440, -1, 0, 0, 0, 0)
reaches_kernel("pidfd_send_signal", 424, -1, 0, 0, 0)
reaches_kernel("process_mrelease", 448, -1, 0)
