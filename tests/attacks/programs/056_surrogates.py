# class: 56 NUL and bad UTF-8
# tries: an error whose text is no UTF-8
# sees: dirty
# defended: a verdict's words are printable ASCII
# weak: naive by_words
def solve(x):
    raise ValueError("\udcff\ud800 \U0010ffff")
