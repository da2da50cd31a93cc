# class: 48 symlinked artefacts
# tries: replaces a folder by a link while it may be cleaned
# sees: marker
# defended: the same
# weak: tmp-marked
os.mkdir("/tmp/build")
os.rename("/tmp/build", "/tmp/old")
os.symlink("/", "/tmp/build")
