# class: 21 sleep
# tries: starves its own first thread by busy children, to be given back time
# sees: late
# defended: time is given back four times at most
# limits: wall_time=700 cpu_time=30000
# weak: wall
for _ in range(12):
    if os.fork() == 0:
        while True:
            pass
while True:
    pass
