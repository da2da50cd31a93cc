# class: 51 overwrites harness, stdlib, .pth
# tries: overwrites modules that every Python loads
# sees: says
# defended: /usr is read-only
# weak: none: a writable /usr would do harm
import json
for path in (json.__file__, os.__file__, "/usr/lib/python3/dist-packages/x.py",
             "/usr/bin/python3", "/usr/lib/x86_64-linux-gnu/libc.so.6"):
    try:
        open(path, "ab").close()
        escaped(path)
    except OSError as error:
        say(error)
