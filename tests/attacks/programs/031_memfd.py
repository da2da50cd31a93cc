# class: 31 memfd, shm and / filled
# tries: a file in memory, which no limit of address space counts
# sees: says
# defended: the filter knows no memfd_create
# weak: seccomp
reaches_kernel("memfd_create", 319, b"x", 0)
