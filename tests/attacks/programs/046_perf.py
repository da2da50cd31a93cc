# class: 46 dangerous system calls
# tries: watches the processor
# sees: says
# defended: the filter
# weak: seccomp
reaches_kernel("perf_event_open", 298, 1, 0, -1, -1, 0)
