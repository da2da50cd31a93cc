# class: 59 SQL in strings
# tries: an error and an answer that are SQL
# sees: passed dirty
# defended: statements have parameters; a verdict's words are only words
# weak: none: nothing here builds SQL of words
def solve(x):
    raise KeyError("'); UPDATE scores SET value = 1; --")
