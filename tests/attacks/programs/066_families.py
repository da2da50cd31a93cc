# class: 66 odd socket families
# tries: asks for a socket of every family
# sees: says
# defended: the filter
# weak: seccomp
for family in range(46):
    for kind in (1, 2, 3, 5):
        result, error = call(41, family, kind, 0)
        if result >= 0 or error != 1:
            escaped(f"family {family} kind {kind}: {result} {error}")
