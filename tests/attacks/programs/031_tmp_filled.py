# class: 31 memfd, shm and / filled
# tries: fills /tmp with 80 MiB in small files
# sees: says
# defended: the size of /tmp
# limits: wall_time=5000 cpu_time=5000
# weak: disk
written = 0
try:
    for i in range(20):
        with open(f"/tmp/{i}", "wb") as file:
            written += file.write(bytes(4 << 20))
except OSError as error:
    say(error)
if written > 48 << 20:
    escaped(written)
