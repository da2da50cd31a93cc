def solve(n):
    held = bytearray(200 << 20)
    held[0] = held[-1] = n
    return len(held) + held[-1]
# TESTS
def check(candidate):
    assert candidate(5) == (200 << 20) + 5
