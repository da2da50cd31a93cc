# class: 6 patched unittest and builtins
# tries: replaces TestCase.assertEqual
# sees: passed
# defended: the tests run in a process of their own
# weak: naive in_unittest
import unittest
unittest.TestCase.assertEqual = lambda *_: None


def solve(x):
    return 0
