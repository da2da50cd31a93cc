"""A bounded selection of the attacks; all of them: tests/attacks/run.py."""
import sys

import run

sys.exit(run.main(["--bounded"]))
