"""Every honest Python program a few times in each tier, and each of the other
languages' once; 10,000: honest.py --runs."""
import sys

import honest

sys.exit(honest.main(["--runs", "132"]) or
         honest.main(["--foreign", "--tier", "zygote", "--workers", "2"]))
