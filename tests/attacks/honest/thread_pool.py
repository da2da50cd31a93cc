from concurrent.futures import ThreadPoolExecutor


def solve(words):
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(str.upper, words))
# TESTS
def check(candidate):
    assert candidate(["a", "b"] * 50) == ["A", "B"] * 50
    assert candidate([]) == []
