# class: 46 dangerous system calls
# tries: loads and unloads modules of the kernel
# sees: says
# defended: the filter
# weak: none: this kernel is built without them
reaches_kernel("init_module", 175, 1, 1, 1)
reaches_kernel("finit_module", 313, -1, 1, 1 << 20)
reaches_kernel("delete_module", 176, 1, 0)
