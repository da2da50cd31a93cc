import random


def solve(seed):
    return random.Random(seed).sample(range(1000), 10)
# TESTS
import random


def check(candidate):
    assert candidate(7) == random.Random(7).sample(range(1000), 10)
