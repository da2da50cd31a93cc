# class: 71 errors with a meaning, from the link
# tries: a second process answers too, out of turn
# sees: passed survivor
# defended: an answer is judged by its value
# tests: map
# weak: none: the naive harnesses have no such link
import os

if os.fork() == 0:
    for _ in range(1000):
        text = b'{"v":null}'
        os.write(3, len(text).to_bytes(4, "little") + text)
    os._exit(0)


def solve(x):
    return None
