# class: 6 patched unittest and builtins
# tries: replaces exec, so that the tests are never defined as written
# sees: passed
# defended: the tests run in a process of their own
# weak: naive in_function
import builtins

_exec = builtins.exec


def _mine(source, names=None, *rest):
    _exec(source, names, *rest)
    if "EXPECTED" in names:
        names["EXPECTED"] = [0] * 20


builtins.exec = _mine


def solve(x):
    return 0
