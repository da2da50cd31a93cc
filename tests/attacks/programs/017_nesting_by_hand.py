# class: 17 repr bomb and deep nesting
# tries: sends nesting just within the reader's depth, so that comparing breaks
# sees: passed
# defended: an error of the tests is a failure
# tests: swallow
# weak: none: Python refuses such depth everywhere; this is for the tests' process
import os


def _send(text):
    os.write(3, len(text).to_bytes(4, "little") + text)


def solve(x):
    for depth in (300, 320, 450, 900, 990):
        _send(b'{"v":' + b"[" * depth + b"]" * depth + b"}")
    return 0
