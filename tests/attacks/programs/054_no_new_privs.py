# class: 54 state of privileges
# tries: was started without no_new_privs or a filter
# sees: says
# defended: both are set
# weak: seccomp
if call(157, 39, 0, 0, 0, 0)[0] != 1:
    escaped("new privileges may be had")
if call(157, 21, 0, 0, 0, 0)[0] == 0:
    escaped("no filter")
if os.getuid() == 0:
    escaped("root")
