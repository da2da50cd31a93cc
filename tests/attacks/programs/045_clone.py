# class: 45 namespaces, mount, chroot
# tries: clones a child into a user namespace
# sees: says
# defended: the filter, and no further user namespaces
# weak: seccomp userns
result, error = call(56, 0x10000000 | 17, 0, 0, 0, 0)
if result == 0:
    os._exit(0)
say(error)
if result > 0:
    escaped("a child in a user namespace")
