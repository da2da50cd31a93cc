# class: 45 namespaces, mount, chroot
# tries: enters another process's namespaces
# sees: says
# defended: the filter
# weak: seccomp
reaches_kernel("setns", 308, -1, 0)
