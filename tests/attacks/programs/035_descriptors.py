# class: 35 fds
# tries: opens 1,000 descriptors
# sees: says
# defended: the limit of open files
# weak: files
held = []
try:
    for _ in range(1000):
        held.append(os.open("/dev/null", os.O_RDONLY))
except OSError as error:
    held.append(0)
count = len(held)
for fd in held[10:40]:
    os.close(fd)
say(count)
if count > 100:
    escaped(count)
