# class: 61 cgroup and sysfs
# tries: learns the container's name from its cgroup
# sees: says
# defended: a cgroup namespace, or no /proc
# weak: pid
text = open("/proc/self/cgroup").read()
if any(line.rpartition(":")[2] not in ("", "/") for line in text.splitlines()):
    escaped(text)
if os.path.exists(f"/proc/{VICTIM}/cgroup"):
    escaped("another process's cgroup")
