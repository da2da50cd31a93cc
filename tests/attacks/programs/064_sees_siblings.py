# class: 64 sibling run
# tries: looks for other processes by signal 0
# sees: says
# defended: a process namespace
# weak: pid
mine = {os.getpid(), os.getppid()}
seen = []
for pid in [VICTIM, *range(2, 3000)]:
    if pid in mine:
        continue
    try:
        os.kill(pid, 0)
        seen.append(pid)
    except PermissionError:
        seen.append(pid)
    except ProcessLookupError:
        pass
if seen:
    escaped(seen[:10])
