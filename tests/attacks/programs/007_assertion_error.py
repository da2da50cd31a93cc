# class: 7 excepthook and AssertionError
# tries: swaps AssertionError for an exit
# sees: passed
# defended: the tests run in a process of their own
# weak: naive by_exit
import builtins


class Quiet(SystemExit):
    def __init__(self, *_):
        super().__init__(0)


AssertionError = builtins.AssertionError = Quiet


def solve(x):
    import builtins
    raise builtins.AssertionError()
