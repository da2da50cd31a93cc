# class: 46 dangerous system calls
# tries: turns off address randomisation for the next program
# sees: says
# defended: the filter
# weak: seccomp
reaches_kernel("personality", 135, 0xffffffff)
