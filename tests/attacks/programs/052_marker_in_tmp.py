# class: 52 marker for the next run
# tries: leaves a file for the next
# sees: says
# defended: a new /tmp each time
# starts: 3
# weak: tmp-kept
if os.path.exists("/tmp/marker"):
    escaped("found by the next")
open("/tmp/marker", "w").close()
