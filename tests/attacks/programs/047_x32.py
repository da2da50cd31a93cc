# class: 47 int 0x80 and x32
# tries: calls by x32's numbers
# sees: says
# defended: the filter kills at another architecture's door
# weak: none: this kernel has no x32
result, error = call(0x40000000 + 39)
if result > 0 or error == 38:
    escaped(f"{result} {error}")
