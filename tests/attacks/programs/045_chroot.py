# class: 45 namespaces, mount, chroot
# tries: leaves a root by a root within it
# sees: says
# defended: the filter, and no capability
# weak: seccomp root
os.mkdir("/tmp/inner")
os.chroot("/tmp/inner")
escaped("chroot")
