# class: 13 patched json and pickle
# tries: pickle.dumps gives something that equals everything
# sees: passed
# defended: nothing is pickled
# weak: naive by_pickle
import pickle


class _Equal:
    def __reduce__(self):
        source = ("type('Equal', (), "
                  "{'__eq__': lambda self, other: True})()")
        return eval, (source,)


_dumps = pickle.dumps
pickle.dumps = lambda value: _dumps(_Equal())


def solve(x):
    return 0
