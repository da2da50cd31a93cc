# class: 31 memfd, shm and / filled
# tries: writes to every folder that it can find
# sees: says
# defended: everything but /tmp is read-only
# limits: wall_time=5000 cpu_time=5000
# weak: root-rw
written = []
for folder in ("/", "/box", "/dev", "/usr", "/usr/lib", "/var", "/etc",
               "/proc", "/sys", "/run", "/root", "/home", "/opt", "/mnt"):
    try:
        with open(folder + "/evalloop-attack", "wb") as file:
            file.write(bytes(1 << 20))
        written.append(folder)
    except OSError as error:
        say(error)
if written:
    escaped(written)
