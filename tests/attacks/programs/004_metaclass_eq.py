# class: 4 __eq__ always true
# tries: answers with a class whose metaclass equals everything
# sees: passed
# defended: only plain values cross to the tests
# weak: naive in_process
class Meta(type):
    def __eq__(cls, other):
        return True

    __hash__ = type.__hash__


class Equal(metaclass=Meta):
    pass


def solve(x):
    return Equal
