# class: 43 ptrace, process_vm_readv, pidfd_getfd
# tries: attaches to another process
# sees: says victim
# defended: the filter, and a process namespace
# weak: pid seccomp root
result, error = call(101, 16, VICTIM, 0, 0)
if result == 0:
    escaped("attached")
    call(101, 17, VICTIM, 0, 0)
say(error)
