# class: 46 dangerous system calls
# tries: moves pages of others between nodes
# sees: says
# defended: the filter
# weak: seccomp
reaches_kernel("migrate_pages", 256, 999999, 1, 0, 0)
reaches_kernel("move_pages", 279, 999999, 1, 0, 0, 0, 0)
reaches_kernel("mbind", 237, 1, 1, 99, 0, 0, 0)
