# class: 23 bigint in C
# tries: a power that holds the interpreter for minutes
# sees: late
# defended: CPU time and wall clock from outside
# limits: wall_time=800 cpu_time=30000
# weak: wall
3 ** (3 ** 18)
