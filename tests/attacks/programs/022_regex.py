# class: 22 regex in C
# tries: a regular expression that takes years and holds the interpreter
# sees: late
# defended: CPU time and wall clock from outside
# limits: wall_time=800 cpu_time=30000
# weak: wall
import re
re.match(r"(a+)+$", "a" * 40 + "b")
