# class: 30 2 GiB
# tries: takes 900 MiB
# sees: says
# defended: the limit of address space
# limits: wall_time=5000 cpu_time=5000
# weak: memory
import mmap
held = mmap.mmap(-1, 900 << 20)
held[0] = held[-1] = 1
escaped(len(held))
