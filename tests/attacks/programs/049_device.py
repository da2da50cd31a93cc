# class: 49 FIFO, hardlink, device
# tries: makes a device
# sees: says
# defended: the filter, and no capability
# weak: seccomp root
import stat
os.mknod("/tmp/null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
escaped("a device")
