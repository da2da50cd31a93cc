def solve(source):
    names = {}
    exec(compile(source, "<source>", "exec"), names)
    return eval("x + 1", names)
# TESTS
def check(candidate):
    assert candidate("x = 41") == 42
