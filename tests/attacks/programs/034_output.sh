# class: 34 1 GiB output
# tries: writes 6 MiB to each output
# sees: memory
# defended: a limit of what is kept, at which the program is ended
# limits: wall_time=5000 cpu_time=5000
# argv: exec /bin/sh /box/attack.sh
# weak: output fsize
head -c 6291456 /dev/zero
head -c 6291456 /dev/zero >&2
