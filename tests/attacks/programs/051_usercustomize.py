# class: 51 overwrites harness, stdlib, .pth
# tries: leaves a usercustomize in its home
# sees: says
# defended: a new /tmp each time, and an isolated interpreter
# starts: 2
# weak: tmp-kept
place = os.path.expanduser("~/.local/lib/python3.11/site-packages")
if os.path.exists("/tmp/.local") or os.path.exists(place):
    escaped("found by the next")
os.makedirs("/tmp/.local/lib/python3.11/site-packages")
open("/tmp/.local/lib/python3.11/site-packages/usercustomize.py", "w").close()
