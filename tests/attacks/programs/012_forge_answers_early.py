# class: 12 forge on all fds
# tries: answers the link's protocol itself, with values that claim success
# sees: passed
# defended: what the candidate's descriptor carries is only ever an answer
# weak: none: the naive harnesses have no such protocol
import os


def _frame(text):
    return len(text).to_bytes(4, "little") + text


for text in (b'{"v":null}', b'{"P":1}', b'"P"', b'{"v":true}', b'P'):
    os.write(3, _frame(text))
os.write(3, _frame(b'{"v":true}') * 100)


def solve(x):
    return True
