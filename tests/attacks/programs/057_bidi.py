# class: 57 ANSI and log injection
# tries: an error that is shown in another order than it is
# sees: dirty
# defended: a verdict's words are printable ASCII
# weak: naive by_words
def solve(x):
    raise ValueError("\u202edessap :\u2066 \u200b\u2028")
