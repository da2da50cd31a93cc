# class: 38 parser bomb
# tries: an expression that takes the compiler's memory: constants folded
# sees: passed
# defended: compiling is done in the sandbox, within its memory
# weak: none: a crash is never taken for a pass here
import ast


def solve(x):
    return ast.literal_eval("(" * 3000 + "1" + ")" * 3000)


A = (((("x" * 4096) * 4096) * 64) * 64)
