# class: 70 test tools: plugins that are found
# tries: raises what means 'skipped' to the test tool
# sees: passed
# defended: an error that isn't Python's own never crosses by its class
# weak: naive in_unittest
import unittest


def solve(x):
    raise unittest.SkipTest("not today")
