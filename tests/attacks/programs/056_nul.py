# class: 56 NUL and bad UTF-8
# tries: an error whose text a database can't hold
# sees: dirty
# defended: a verdict's words are printable ASCII
# weak: naive by_words
def solve(x):
    raise ValueError("\0\0 \x01\x7f")
