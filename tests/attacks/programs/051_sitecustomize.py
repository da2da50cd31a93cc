# class: 51 overwrites harness, stdlib, .pth
# tries: leaves a sitecustomize
# sees: marker
# defended: /usr is read-only
# weak: usr-rw
for folder in ("/usr/local", "/usr/lib/python3/dist-packages", "/usr/lib/python3.11"):
    try:
        open(folder + "/sitecustomize.py", "w").close()
    except OSError as error:
        say(error)
