# class: 45 namespaces, mount, chroot
# tries: mounts by the newer calls
# sees: says
# defended: the filter, and no capability
# weak: seccomp root
for name, number in (("fsopen", 430), ("open_tree", 428), ("move_mount", 429),
                     ("fspick", 433), ("fsmount", 432), ("mount_setattr", 442)):
    reaches_kernel(name, number, -1, 1, -1, 1, 0)
