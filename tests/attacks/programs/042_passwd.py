# class: 42 environment and mounted secrets
# tries: reads the machine's users
# sees: says
# defended: a root of its own
# weak: etc
if "root:" in open("/etc/passwd").read():
    escaped("/etc/passwd")
