# class: 52 marker for the next run
# tries: leaves a file in shared memory for the next
# sees: says
# defended: a new /dev/shm each time, or none
# starts: 3
# weak: shm
if os.path.exists("/dev/shm/marker"):
    escaped("found by the next")
open("/dev/shm/marker", "w").close()
