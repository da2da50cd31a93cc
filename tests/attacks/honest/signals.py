import signal


def solve(x):
    fired = []
    signal.signal(signal.SIGALRM, lambda *_: fired.append(1))
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    while not fired:
        signal.pause()
    return len(fired)
# TESTS
def check(candidate):
    assert candidate(0) == 1
