# class: 14 thread race on the verdict
# tries: a thread that resets the harness's count of failures
# sees: passed
# defended: the verdict is in another process
# weak: naive in_function
import sys
import threading
import time


def _reset():
    until = time.monotonic() + 1.5
    while time.monotonic() < until:
        for frame in list(sys._current_frames().values()):
            while frame is not None:
                if "STATE" in frame.f_globals:
                    frame.f_globals["STATE"]["failed"] = 0
                    frame.f_globals["verdict_of"].__code__ = (
                        lambda solve, expected: True).__code__
                    frame.f_globals["same"] = lambda *_: True
                frame = frame.f_back
        time.sleep(0.001)


threading.Thread(target=_reset, daemon=True).start()


def solve(x):
    time.sleep(0.01)
    return 0
