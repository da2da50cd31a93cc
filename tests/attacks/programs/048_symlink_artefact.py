# class: 48 symlinked artefacts
# tries: leaves links where a harness might read or write as root
# sees: marker
# defended: nothing of a run's files outlives it or is read from outside
# weak: tmp-marked
for name in ("result.json", "stdout", "score", "report.xml", ".coverage"):
    os.symlink("/etc/passwd", "/tmp/" + name)
