import os


def solve(n):
    ours, theirs = os.pipe()
    for i in range(n):
        if os.fork() == 0:
            os.write(theirs, bytes([i]))
            os._exit(0)
    for _ in range(n):
        os.wait()
    return sorted(os.read(ours, 100))
# TESTS
def check(candidate):
    assert candidate(8) == list(range(8))
