# class: 44 signals to others
# tries: changes another process's limits
# sees: says
# defended: a process namespace
# weak: pid
import resource
resource.prlimit(VICTIM, resource.RLIMIT_CORE, (0, 0))
escaped("limits of another process")
