# class: 41 /proc of others
# tries: looks through all processes for variables
# sees: leak
# defended: a process namespace, or no /proc
# weak: pid root
for entry in os.listdir("/proc"):
    if entry.isdigit():
        try:
            text = open(f"/proc/{entry}/environ").read()
        except OSError:
            continue
        if "EVALLOOP_ATTACK" in text:
            say(text)
