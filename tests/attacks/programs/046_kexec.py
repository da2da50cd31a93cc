# class: 46 dangerous system calls
# tries: starts another kernel (with flags that no kernel knows)
# sees: says
# defended: the filter
# weak: none: this kernel is built without them
reaches_kernel("kexec_load", 246, 0, 0, 0, 1 << 40)
reaches_kernel("kexec_file_load", 320, -1, -1, 0, 0, 1 << 40)
