# class: 66 odd socket families
# tries: asks for a pair of every other family
# sees: says
# defended: the filter
# weak: seccomp
for family in (0, *range(2, 46), 1 << 32 | 2):
    result, error = call(53, family, 1, 0, 1)
    if error != 1:
        escaped(f"family {family}: {result} {error}")
