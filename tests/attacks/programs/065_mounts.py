# class: 65 host info
# tries: learns the machine's paths from its mounts
# sees: says
# defended: a root of its own; no /proc
# weak: scratch
for name in ("mountinfo", "mounts", "mountstats"):
    try:
        text = open("/proc/self/" + name).read()
    except OSError as error:
        say(error)
        continue
    if FOLDER in text or "/box/.." in text or "/old" in text:
        escaped(name)
