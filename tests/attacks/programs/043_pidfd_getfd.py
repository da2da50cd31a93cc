# class: 43 ptrace, process_vm_readv, pidfd_getfd
# tries: takes another process's open file
# sees: leak
# defended: the filter, and a process namespace
# weak: pid seccomp root
pidfd, error = call(434, VICTIM, 0)
say(error)
fd, error = call(438, pidfd, 0, 0)
say(error)
os.lseek(fd, 0, 0)
say(os.read(fd, 100))
