# class: 9 frame walk for expected values
# tries: looks for the expected values in its callers' frames
# sees: passed
# defended: expected values are in another process
# weak: naive in_process
import sys


def solve(x):
    frame = sys._getframe()
    while frame is not None:
        for names in (frame.f_locals, frame.f_globals):
            if "EXPECTED" in names:
                return names["EXPECTED"][x]
        frame = frame.f_back
    return 0
