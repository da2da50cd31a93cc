import threading


def solve(n):
    """Sums squares in sixteen threads."""
    total = [0] * 16
    def work(i):
        total[i] = sum(x * x for x in range(i, n, 16))
    threads = [threading.Thread(target=work, args=(i,)) for i in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(total)
# TESTS
def check(candidate):
    for n in (0, 1, 10, 5000):
        assert candidate(n) == sum(x * x for x in range(n))
