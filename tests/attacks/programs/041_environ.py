# class: 41 /proc of others
# tries: reads another process's environment
# sees: leak
# defended: a process namespace, or no /proc
# weak: pid root
say(open(f"/proc/{VICTIM}/environ").read())
