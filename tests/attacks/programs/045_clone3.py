# class: 45 namespaces, mount, chroot
# tries: the same by clone3, whose flags no filter sees
# sees: says
# defended: the filter
# weak: seccomp
reaches_kernel("clone3", 435, 0, 0)
