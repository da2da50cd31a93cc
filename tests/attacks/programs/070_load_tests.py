# class: 70 test tools: plugins that are found
# tries: defines load_tests, by which the tool finds no tests
# sees: passed
# defended: the tests are found by name in a process of their own
# weak: naive by_discovery
def load_tests(loader, tests, pattern):
    return tests.__class__()


def solve(x):
    return 0
