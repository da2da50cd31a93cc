# class: 8 settrace
# tries: a profile function that learns the expectations and answers with them
# sees: passed
# defended: the tests run in a process of their own
# weak: naive in_process
import sys

SEEN = []


def profile(frame, event, argument):
    while frame is not None and not SEEN:
        SEEN.extend(frame.f_globals.get("EXPECTED", ()))
        frame = frame.f_back


sys.setprofile(profile)


def solve(x):
    return SEEN[x]
