# class: 45 namespaces, mount, chroot
# tries: changes its root
# sees: says
# defended: the filter, and no capability
# weak: seccomp root
reaches_kernel("pivot_root", 155, 1, 1)
