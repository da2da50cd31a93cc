# class: 45 namespaces, mount, chroot
# tries: takes a user namespace, in which it is root
# sees: says
# defended: the filter, and no further user namespaces
# weak: seccomp userns
result, error = call(272, 0x10000000)
say(error)
if result == 0:
    escaped("root of a namespace")
