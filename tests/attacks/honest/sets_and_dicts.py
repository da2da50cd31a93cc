import collections


def solve(words):
    counted = collections.Counter(words)
    grouped = collections.defaultdict(list)
    for word in words:
        grouped[len(word)].append(word)
    return counted, dict(grouped), set(words), frozenset(words)
# TESTS
def check(candidate):
    got = candidate(["b", "a", "cc", "b"])
    assert got[0] == {"b": 2, "a": 1, "cc": 1}
    assert list(got[1].items()) == [(1, ["b", "a", "b"]), (2, ["cc"])]
    assert got[2] == {"a", "b", "cc"} and got[3] == frozenset(got[2])
