import asyncio


def solve(n):
    async def one(i):
        await asyncio.sleep(0)
        return i * i

    async def all_of_them():
        return await asyncio.gather(*(one(i) for i in range(n)))

    return asyncio.run(all_of_them())
# TESTS
def check(candidate):
    assert candidate(20) == [i * i for i in range(20)]
