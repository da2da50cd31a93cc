# class: 56 NUL and bad UTF-8
# tries: an error whose class has such a name
# sees: dirty
# defended: a verdict's words are printable ASCII
# weak: naive by_words
def solve(x):
    raise type("\x1b[31m\u202e" + "x" * 10000, (Exception,), {})("y" * 10000)
