"""What tests share that compare with, or drive, a tool of others: it may be
missing, for a cause that tests/skips.txt lists."""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]


def skip(key):
    """Ends the program as skipped, for a cause that tests/skips.txt lists."""
    for line in (ROOT / "tests/skips.txt").read_text().splitlines():
        if line.split(maxsplit=1)[:1] == [key]:
            print("skipped:", line.split(maxsplit=1)[1])
            sys.exit(77)
    sys.exit(f"tests/skips.txt lists no cause {key}")


def go_on_with_the_locked_python():
    """Replaces this process by one that has the reference implementations."""
    if os.environ.get("EVALLOOP_PYTHON_TOOLS"):
        return
    found = subprocess.run(
        ["bash", "-c", f"source {ROOT}/deploy/local/python_tools.sh; "
         "python_tools"], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        skip("python-unreachable")
    python = found.stdout.strip()
    # Hash sets of strings have one order only with a fixed seed.
    os.execve(python, [python, "-B", *sys.argv],
              {**os.environ, "EVALLOOP_PYTHON_TOOLS": python,
               "PYTHONHASHSEED": "0"})
