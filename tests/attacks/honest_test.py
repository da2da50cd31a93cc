"""Every honest program a few times in each tier; 10,000: honest.py --runs."""
import sys

import honest

sys.exit(honest.main(["--runs", "132"]))
