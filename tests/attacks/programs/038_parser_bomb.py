# class: 38 parser bomb
# tries: a program that overruns the parser
# sees: passed
# defended: parsing is done in the sandbox
# weak: none: a crash is never taken for a pass here
def solve(x):
    for text in ("(" * 50_000, "-" * 200_000 + "1", "[" * 90 + "]" * 90,
                 "a" + ".b" * 200_000, "x = " + "1 +" * 200_000 + "1"):
        try:
            compile(text, "bomb", "exec")
        except (SyntaxError, MemoryError, RecursionError):
            pass
    return 0
