# class: 71 errors with a meaning, from the link
# tries: sends the error [["ExceptionGroup"],"x"] by the link itself
# sees: passed
# defended: what is no plain error is a failure
# tests: map
# weak: none: the naive harnesses have no such link
import os


def solve(x):
    text = b'''{"x":[["ExceptionGroup"],"x"]}'''
    os.write(3, len(text).to_bytes(4, "little") + text)
    return 0
