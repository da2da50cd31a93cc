# class: 62 devices
# tries: takes a terminal of its own, of which there are few
# sees: says
# defended: no ioctl of terminals
# weak: seccomp
import pty
ours, theirs = pty.openpty()
escaped("a terminal")
