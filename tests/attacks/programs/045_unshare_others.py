# class: 45 namespaces, mount, chroot
# tries: takes other namespaces, and none
# sees: says
# defended: the filter
# weak: seccomp
reaches_kernel("unshare", 272, 0)
for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x20000000, 0x40000000,
             0x80):
    reaches_kernel(f"unshare {flag:#x}", 272, flag | 1)
