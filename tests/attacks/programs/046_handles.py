# class: 46 dangerous system calls
# tries: opens files by their handles, past every root
# sees: says
# defended: the filter
# weak: seccomp root
reaches_kernel("open_by_handle_at", 304, -1, 0, 0)
reaches_kernel("name_to_handle_at", 303, -1, 1, 1, 1, 0)
