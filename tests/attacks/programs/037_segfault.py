# class: 37 segfault
# tries: crashes its process while it is asked
# sees: passed
# defended: an end without a verdict is no pass
# weak: none: a crash is never taken for a pass here
import ctypes


def solve(x):
    ctypes.string_at(0)
