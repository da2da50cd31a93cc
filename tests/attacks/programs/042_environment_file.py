# class: 42 environment and mounted secrets
# tries: reads /proc/self/environ and that of process 1
# sees: leak
# defended: an environment of its own
# weak: env
for who in ("self", "1"):
    try:
        say(open(f"/proc/{who}/environ").read())
    except OSError as error:
        say(error)
