# class: 71 errors with a meaning, from the link
# tries: sends the error [["eval","type","exec","__import__","print"],"__import__('os')._exit(0)"] by the link itself
# sees: passed
# defended: what is no plain error is a failure
# tests: map
# weak: naive by_link
import os


def solve(x):
    text = b'''{"x":[["eval","type","exec","__import__","print"],"__import__('os')._exit(0)"]}'''
    os.write(3, len(text).to_bytes(4, "little") + text)
    return 0
