import os


def solve(n):
    held = [open("/dev/null") for _ in range(n)]
    count = len(held)
    for file in held:
        file.close()
    return count
# TESTS
def check(candidate):
    assert candidate(40) == 40
