# class: 43 ptrace, process_vm_readv, pidfd_getfd
# tries: reads another process's memory by one call
# sees: says
# defended: the filter
# weak: seccomp
reaches_kernel("process_vm_readv", 310, VICTIM, 0, 0, 0, 0, 0)
reaches_kernel("process_vm_writev", 311, VICTIM, 0, 0, 0, 0, 0)
