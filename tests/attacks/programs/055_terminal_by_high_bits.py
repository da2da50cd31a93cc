# class: 55 TIOCSTI
# tries: the same with a high half in the request, which the kernel cuts off
# sees: says
# defended: the filter compares what the kernel takes
# weak: seccomp
reaches_kernel("TIOCSTI", 16, 0, 0x5412 | 1 << 32, 0)
reaches_kernel("TIOCSTI", 16, 1, 0x5412 | 1 << 63 - 1, 0)
