# class: 44 signals to others
# tries: changes where another process runs
# sees: says
# defended: a process namespace
# weak: pid
os.sched_setaffinity(VICTIM, os.sched_getaffinity(VICTIM))
escaped("affinity of another process")
