# class: 34 1 GiB output
# tries: floods the tests' process with answers
# sees: passed
# defended: an answer is read only when one was asked for, and frames are limited
# limits: timeout=1500
# weak: none: the naive harnesses have no such link
import os
frame = b"\x00\x00\x10\x00" + b'{"v":"' + b"x" * ((1 << 20) - 8) + b'"}'
for _ in range(64):
    os.write(3, frame)


def solve(x):
    return 0
