# class: 61 cgroup and sysfs
# tries: reads the machine's devices in /sys
# sees: says
# defended: no /sys
# weak: sys
escaped(os.listdir("/sys/class")[:5])
