# class: 24 module-level loop
# tries: loops while it is loaded
# sees: late
# defended: wall clock
# limits: wall_time=700 cpu_time=30000
# weak: wall
while True:
    pass
