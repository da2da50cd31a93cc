# class: 49 FIFO, hardlink, device
# tries: links a file of the machine into its own folder
# sees: marker leak
# defended: a root of its own, other file systems
# weak: scratch-rw root
os.link(SECRET_FILE, MARKERS + "/hard")
say(open(MARKERS + "/hard").read())
