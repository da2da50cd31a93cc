# class: 60 /proc/self/exe
# tries: learns the launcher's place from /proc/self/exe
# sees: says
# defended: no /proc, or Python's own
# weak: pid
try:
    say(os.readlink("/proc/self/exe"))
except OSError as error:
    say(error)
for pid in range(2, 2 ** 22) if os.path.exists(f"/proc/{VICTIM}") else ():
    escaped("sees the machine's processes")
    break
