# class: 14 thread race on the verdict
# tries: a thread that rewrites the harness's list of results
# sees: passed
# defended: the verdict is in another process
# weak: naive in_process
import gc
import sys
import threading
import time

sys.setswitchinterval(1e-6)


def _rewrite():
    until = time.monotonic() + 1
    while time.monotonic() < until:
        for frame in list(sys._current_frames().values()):
            while frame is not None:
                result = frame.f_locals.get("result")
                if type(result) is list:
                    result.insert(0, "passed")
                    return
                frame = frame.f_back


threading.Thread(target=_rewrite, daemon=True).start()


def solve(x):
    time.sleep(0.05)
    return 0
