# class: 18 bool, NaN and float confusion
# tries: numbers that JSON holds but Python has no such literal of
# sees: passed
# defended: the tests' own comparison
# tests: near
# weak: none: it needs a link made of JSON
import os


def solve(x):
    for text in (b'{"v":NaN}', b'{"v":Infinity}', b'{"v":1e999}',
                 b'{"v":-0.0}', b'{"v":' + b"9" * 5000 + b"}"):
        os.write(3, len(text).to_bytes(4, "little") + text)
    return float("nan")
