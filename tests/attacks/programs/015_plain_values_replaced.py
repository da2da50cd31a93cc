# class: 15 harness functions replaced
# tries: replaces encode and send in the process that calls it
# sees: passed
# defended: the tests' process has a copy of its own
# weak: naive in_function
import sys

_main = sys.modules["__main__"]
for _name in ("encode", "decode", "send_value", "receive_value", "_dumps",
              "same", "_describe", "_answer", "verdict_of"):
    if hasattr(_main, _name):
        setattr(_main, _name, lambda *_: True)


def solve(x):
    return True
