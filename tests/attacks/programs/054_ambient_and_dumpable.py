# class: 54 state of privileges
# tries: changes what the kernel keeps of a process: dumpable, ambient, securebits
# sees: says
# defended: the filter
# weak: seccomp
for option in (4, 8, 28, 47, 22, 1, 36, 0x59616d61):
    result, error = call(157, option, 0, 0, 0, 0)
    if result >= 0 or error != 1:
        escaped(f"prctl {option}: {result} {error}")
