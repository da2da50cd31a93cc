# class: 33 50k inodes
# tries: makes folders ever deeper, and links
# sees: says
# defended: the number of files in /tmp is limited
# open: bubblewrap: bwrap can't limit how many files a tmpfs holds; what is made goes
#   with the run, and its time bounds it
# limits: wall_time=8000 cpu_time=8000
# weak: tmp-kept
made = 0
try:
    os.mkdir("/tmp/deep")
    os.chdir("/tmp/deep")
    for i in range(10_000):
        os.symlink("x", f"l{i}")
        made += 1
except OSError as error:
    say(error)
say(made)
if made == 10_000:
    escaped(made)
os.chdir("/tmp")
import shutil
shutil.rmtree("/tmp/deep")
