# class: 42 environment and mounted secrets
# tries: reads it by a symbolic link that it makes
# sees: leak
# defended: a root of its own
# weak: scratch
os.symlink(SECRET_FILE, "/tmp/link")
say(open("/tmp/link").read())
