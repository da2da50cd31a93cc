# class: 51 overwrites harness, stdlib, .pth
# tries: changes modes and owners of what it sees
# sees: says
# defended: /usr is read-only, and the user owns nothing
# weak: usr-rw
for path in ("/usr/local", "/usr/bin/python3", "/box", "/"):
    for act, arguments in ((os.chmod, (path, 0o777)),
                           (os.utime, (path, (1, 1)))):
        try:
            act(*arguments)
            escaped(path)
        except OSError as error:
            say(error)
try:
    open("/usr/local/marker", "w").close()
    escaped("/usr/local")
except OSError as error:
    say(error)
