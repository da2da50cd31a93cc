# class: 65 host info
# tries: learns the machine's name
# sees: says
# defended: a UTS namespace
# weak: uts
if os.uname().nodename != "sandbox":
    escaped(os.uname().nodename)
