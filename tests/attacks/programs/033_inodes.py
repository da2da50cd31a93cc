# class: 33 50k inodes
# tries: makes 20,000 empty files
# sees: says
# defended: the number of files in /tmp is limited
# open: bubblewrap: bwrap can't limit how many files a tmpfs holds; what is made goes
#   with the run, and its time bounds it
# limits: wall_time=8000 cpu_time=8000
# weak: tmp-kept
made = 0
try:
    os.mkdir("/tmp/many")
    for i in range(20_000):
        os.close(os.open(f"/tmp/many/{i}", os.O_CREAT | os.O_WRONLY))
        made += 1
except OSError as error:
    say(error)
say(made)
if made == 20_000:
    escaped(made)
import shutil
shutil.rmtree("/tmp/many")
