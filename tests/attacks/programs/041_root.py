# class: 41 /proc of others
# tries: goes by another process's root
# sees: leak
# defended: a process namespace, or no /proc
# weak: pid root
say(open(f"/proc/{VICTIM}/root{SECRET_FILE}").read())
