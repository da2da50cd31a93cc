# class: 54 state of privileges
# tries: becomes another user
# sees: says
# defended: the filter, no capability, one user mapped
# weak: seccomp root
reaches_kernel("setuid", 105, 0)
reaches_kernel("setresgid", 119, 0, 0, 0)
reaches_kernel("setgroups", 116, 0, 0)
