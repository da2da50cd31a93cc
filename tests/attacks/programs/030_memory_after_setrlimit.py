# class: 30 2 GiB
# tries: raises its own limit of address space first, by prlimit
# sees: says
# defended: a hard limit, and no right to raise it
# limits: wall_time=5000 cpu_time=5000
# weak: memory
import mmap
import resource
for kind in ("setrlimit", "prlimit"):
    try:
        arguments = (resource.RLIMIT_AS, (-1, -1))
        if kind == "prlimit":
            resource.prlimit(0, *arguments)
        else:
            resource.setrlimit(*arguments)
    except (OSError, ValueError) as error:
        say(error)
mmap.mmap(-1, 900 << 20)
escaped("900 MiB")
