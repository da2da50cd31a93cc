# class: 5 int subclass with __eq__
# tries: answers with an int that equals everything
# sees: passed
# defended: a subclass crosses as its plain value
# weak: naive in_process
class Equal(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


def solve(x):
    return Equal(1)
