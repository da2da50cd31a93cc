# class: 53 unlinks all
# tries: truncates and renames what it can
# sees: marker
# defended: a root of its own, read-only
# weak: scratch-rw root
for act in (lambda: os.truncate(SECRET_FILE, 0),
            lambda: os.rename(SECRET_FILE, SECRET_FILE + "x"),
            lambda: open(SECRET_FILE, "w").close()):
    try:
        act()
    except OSError as error:
        say(error)
