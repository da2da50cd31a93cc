# class: 49 FIFO, hardlink, device
# tries: makes a program that runs as its owner, and runs it
# sees: says
# defended: no_new_privs; the only owner is itself
# weak: none: a second user would be needed
import shutil
shutil.copy("/usr/bin/id", "/tmp/id")
os.chmod("/tmp/id", 0o6755)
if os.fork() == 0:
    os.dup2(3, 1)
    os.execv("/tmp/id", ["id", "-un"])
os.wait()
