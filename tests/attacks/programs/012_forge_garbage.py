# class: 12 forge on all fds
# tries: makes the tests' process choke on garbage, deep nesting and huge frames
# sees: passed
# defended: whatever is no answer is a failure
# weak: none: the naive harnesses have no such protocol
import os


def _frame(text):
    return len(text).to_bytes(4, "little") + text


os.write(3, _frame(b'{"v":null}'))
os.write(3, _frame(b"[" * 60000))
os.write(3, _frame(b'{"v":' * 5000 + b"}" * 5000))
os.write(3, b"\xff\xff\xff\xff")


def solve(x):
    return True
