# class: 23 bigint in C
# tries: a decimal text of a huge number, with the interpreter's own limit off
# sees: late
# defended: CPU time and wall clock from outside
# limits: wall_time=800 cpu_time=30000
# weak: wall
sys.set_int_max_str_digits(0)
str(1 << (1 << 24))
