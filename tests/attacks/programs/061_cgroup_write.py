# class: 61 cgroup and sysfs
# tries: moves itself to another cgroup, or freezes it
# sees: says
# defended: no /sys, and a cgroup namespace
# weak: none: a writable cgroup would do harm
for path in ("/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/memory/tasks",
             "/sys/fs/cgroup/devices.allow", "/sys/kernel/uevent_helper",
             "/proc/sys/kernel/core_pattern", "/proc/sys/fs/mqueue/msg_max",
             "/proc/sys/kernel/hostname", "/proc/sysrq-trigger",
             "/proc/self/oom_score_adj", "/proc/self/coredump_filter"):
    try:
        with open(path, "w") as file:
            file.write("0")
        escaped(path)
    except OSError as error:
        say(error)
