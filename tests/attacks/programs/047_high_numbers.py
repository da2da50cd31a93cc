# class: 47 int 0x80 and x32
# tries: calls with numbers that no kernel has, and with a high half
# sees: says
# defended: the filter is an allow-list
# weak: seccomp
for number in (480, 511, 0x7fffffff, -1):
    result, error = call(number)
    if error != 1 and error != 38:
        escaped(f"{number}: {result} {error}")
result, error = call((1 << 32) + 272, 0)
if result == 0:
    escaped("unshare by its low half")
reaches_kernel("uselib", 134, 1)
reaches_kernel("vhangup", 153)
reaches_kernel("unshare", 272, 0)
