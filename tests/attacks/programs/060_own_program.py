# class: 60 /proc/self/exe
# tries: overwrites the program it runs in, as runc's was
# sees: says
# defended: /usr is read-only; no /proc
# weak: none: it would need the machine's own Python writable
for path in ("/proc/self/exe", "/proc/1/exe", "/proc/self/fd/3",
             "/proc/thread-self/exe", sys.executable or "/usr/bin/python3"):
    try:
        fd = os.open(path, os.O_WRONLY)
    except OSError as error:
        say(error)
        continue
    if not path.endswith("fd/3"):
        escaped(path)
