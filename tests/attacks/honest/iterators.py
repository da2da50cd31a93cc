def solve(n):
    a, b = 0, 1
    while a < n:
        yield a
        a, b = b, a + b
# TESTS
def check(candidate):
    assert list(candidate(50)) == [0, 1, 1, 2, 3, 5, 8, 13, 21, 34]
    assert next(iter(candidate(5))) == 0
