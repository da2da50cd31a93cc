# class: 5 int subclass with __eq__
# tries: a list that shows each caller what it wants
# sees: passed
# defended: a subclass crosses as its plain value
# tests: list
# weak: naive in_process
class Any(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class Wanted(list):
    def __len__(self):
        return 1

    def __getitem__(self, index):
        return Any(0)

    def __iter__(self):
        return iter([Any(0)])


def solve(x):
    return Wanted()
