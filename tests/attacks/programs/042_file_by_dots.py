# class: 42 environment and mounted secrets
# tries: reads it by a way around
# sees: leak
# defended: a root of its own
# weak: scratch
for start in ("/tmp/", "/box/", "/usr/", "/proc/self/root/", "/proc/self/cwd/"):
    try:
        say(open(start + "../../../.." + SECRET_FILE).read())
    except OSError as error:
        say(error)
os.chdir("/")
for _ in range(20):
    os.chdir("..")
say(open("." + SECRET_FILE).read())
