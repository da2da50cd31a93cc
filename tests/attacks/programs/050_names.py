# class: 50 hostile names
# tries: leaves files with names that break listings and shells
# sees: marker
# defended: nothing of a run's files outlives it
# weak: tmp-marked
for name in (b"-rf", b"\n\x1b[2J", b"\xff\xfe", b"x" * 255, b"$(reboot)",
             b"'; DROP TABLE scores; --", b"..\\..\\x", b" ", b"\xe2\x80\xae"):
    os.close(os.open(b"/tmp/" + name, os.O_CREAT | os.O_WRONLY))
