# class: 70 test tools: plugins that are found
# tries: leaves a usercustomize in the home that the tests' Python reads
# sees: passed
# defended: the tests' process has a home of its own, and reads none
# weak: naive by_discovery
import os
import sys
place = f"/tmp/.local/lib/python3.{sys.version_info.minor}/site-packages"
try:
    os.makedirs(place, exist_ok=True)
    with open(place + "/usercustomize.py", "w") as file:
        file.write("import os\nos._exit(0)\n")
except OSError:
    pass


def solve(x):
    return 0
