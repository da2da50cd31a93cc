# class: 46 dangerous system calls
# tries: opens the machine's ports
# sees: says
# defended: the filter
# weak: none: this kernel is built without them
reaches_kernel("ioperm", 173, 1 << 30, 1, 1)
reaches_kernel("iopl", 172, 9)
