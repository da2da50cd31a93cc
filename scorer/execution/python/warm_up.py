"""What a process does before programs are told to it: nothing that one can see.

CPython makes much when it is first used (the types of syntax trees, faster
instructions, caches), and all starts inherit what is there.
"""

SAMPLE = '''
import math
from typing import List, Optional
NAMES = {"one": 1, 2: (3, 4.5), None: [True, b"x"]}
class Sample(Exception):
    """A class."""
    def __init__(self, *given, **named):
        self.given = given
    @property
    def first(self): return self.given[0]
def helper(numbers: List[int], text: Optional[str] = "a") -> List[float]:
    """ A function.
    >>> helper([1])
    [1.0]
    """
    global TOTAL
    TOTAL, seen = 0, set()
    for i, x in enumerate(sorted(numbers, key=lambda n: -n)):
        if x > 1 and not i % 2 or x in (1, 2) and i != 5:
            TOTAL += x ** 2 // 3
        elif x is None or i <= -1 ^ x | 1 & ~3 << 2:
            continue
        else:
            break
    while TOTAL >= 10: TOTAL -= 1
    seen.add(text[0:1]); seen |= {text[-1]}
    def inner(): yield from (y for y in numbers if y); return seen
    with Manager() as manager: del manager
    return [float(y) for y in inner()] + [f"{z!r:>4}" for z in {1: 2}.values()]
class Manager:
    def __enter__(self): return self
    def __exit__(self, *what): return False
def check(candidate):
    assert candidate([1, 2], "a b")[0] == 1.0 and candidate([3]), "first"
    try:
        assert abs(candidate([[1, "x"], (1, 2)]) - 1) < 1e-6
    except (TypeError, ValueError) as error:
        raise AssertionError("second") from error
    finally:
        pass
'''


# What most programs and tests are like.
ORDINARY = '''from typing import List


def solve(numbers: List[float], threshold: float) -> bool:
    """ Check if in given list of numbers, are any two numbers closer to each
    other than given threshold.
    >>> solve([1.0, 2.0, 3.0], 0.5)
    False
    """
    for idx, elem in enumerate(numbers):
        for idx2, elem2 in enumerate(numbers):
            if idx != idx2:
                distance = abs(elem - elem2)
                if distance < threshold:
                    return True

    return False
'''
TESTS = '''METADATA = {"author": "x", "dataset": "test"}


def check(candidate):
    assert candidate([1.0, 2.0, 3.9, 4.0, 5.0, 2.2], 0.3) == True
    assert candidate([1.0, 2.0, 5.9, 4.0, 5.0], 0.95) == True, "text"
    assert candidate([1.0, 2.0, 5.9, 4.0, 5.0], 0.8) == False, "text"
'''


def warm_up(call):
    """Compiles and runs a sample whose check calls `call`."""
    try:
        compile("def f(:", "<sample>", "exec")
    except SyntaxError as error:
        str(error)
    for _ in range(3):
        names = {}
        exec(compile(SAMPLE, "<sample>", "exec"), names)
        try:
            names["check"](lambda *given, **named: call(
                names["helper"], given, named))
        except AssertionError as error:
            str(error)
