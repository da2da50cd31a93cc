# class: 53 unlinks all
# tries: deletes every file that it can
# sees: marker
# defended: a root of its own, read-only
# limits: wall_time=6000 cpu_time=6000
# weak: scratch-rw root
if not os.path.exists(FOLDER):
    roots = ["/", "/tmp"]
else:
    roots = [FOLDER]
    os.unlink(SECRET_FILE)
for root in roots:
    for parent, folders, files in os.walk(root):
        if parent.startswith(("/proc", "/usr/share", "/usr/include")):
            folders.clear()
            continue
        for name in files[:20]:
            try:
                os.unlink(os.path.join(parent, name))
            except OSError:
                pass
