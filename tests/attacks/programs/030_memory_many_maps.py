# class: 30 2 GiB
# tries: takes 900 MiB in maps of 1 MiB, shared and private
# sees: says
# defended: the limit of address space
# limits: wall_time=5000 cpu_time=5000
# weak: memory
import mmap
held = []
for i in range(900):
    held.append(mmap.mmap(-1, 1 << 20, mmap.MAP_SHARED if i % 2 else
                          mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))
escaped(len(held))
