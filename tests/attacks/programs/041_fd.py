# class: 41 /proc of others
# tries: reads a file that another process has open
# sees: leak
# defended: a process namespace, or no /proc
# weak: pid root
say(open(f"/proc/{VICTIM}/fd/0").read())
