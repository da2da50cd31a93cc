# class: 17 repr bomb and deep nesting
# tries: an answer whose repr is code
# sees: passed
# defended: an answer's repr is never read
# weak: naive by_repr
class _Code:
    def __repr__(self):
        return ("type('Equal', (), {'__eq__': lambda self, other: True})()")


def solve(x):
    return _Code()
