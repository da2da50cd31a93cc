# class: 45 namespaces, mount, chroot
# tries: mounts over its root
# sees: says
# defended: the filter, and no capability
# weak: seccomp root
reaches_kernel("mount", 165, 1, 1, 1, 0, 0)
reaches_kernel("umount2", 166, 1, 0xffff)
