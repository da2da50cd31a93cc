# class: 52 marker for the next run
# tries: changes modules that the next start shares
# sees: says
# defended: each start has a copy of its own
# starts: 3
# weak: none: the reference tier starts a new interpreter each time
import json
if hasattr(json, "marker") or "marker" in os.environ or sys.path[-1] == "m":
    escaped("found by the next")
json.marker = os.environ["marker"] = "x"
sys.path.append("m")
os.umask(0o123)
os.chdir("/")
