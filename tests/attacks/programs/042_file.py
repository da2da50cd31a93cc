# class: 42 environment and mounted secrets
# tries: reads a file of this machine
# sees: leak
# defended: a root of its own
# weak: scratch
say(open(SECRET_FILE).read())
