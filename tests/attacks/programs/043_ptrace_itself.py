# class: 43 ptrace, process_vm_readv, pidfd_getfd
# tries: traces its own child, to run calls past the filter
# sees: says
# defended: the filter
# weak: seccomp
reaches_kernel("ptrace", 101, 16, 999999, 0, 0)
