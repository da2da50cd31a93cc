# class: 31 memfd, shm and / filled
# tries: fills /dev/shm with 24 MiB
# sees: says
# defended: /dev/shm is absent, or 4 MiB
# limits: wall_time=5000 cpu_time=5000
# weak: shm
written = 0
try:
    for i in range(6):
        with open(f"/dev/shm/{i}", "wb") as file:
            written += file.write(bytes(4 << 20))
except OSError as error:
    say(error)
if written > 16 << 20:
    escaped(written)
