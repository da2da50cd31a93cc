# class: 39 network and metadata
# tries: looks whose network it is in: the listener's port among all
# sees: says
# defended: a network namespace, or no /proc
# weak: net
with open("/proc/net/tcp") as file:
    if f":{PORT:04X} " in file.read():
        escaped("sees the machine's listeners")
