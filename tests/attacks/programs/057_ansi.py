# class: 57 ANSI and log injection
# tries: an error that clears the screen and sets its title
# sees: dirty
# defended: a verdict's words are printable ASCII
# weak: naive by_words
def solve(x):
    raise ValueError("\x1b[2J\x1b]0;passed\x07\x9b31m")
