# class: 16 pickle __reduce__ in the result
# tries: an answer that becomes the expected value when it is unpickled
# sees: passed
# defended: nothing is pickled
# weak: naive by_pickle
class _Code:
    def __reduce__(self):
        return eval, ("next(v for o in __import__('gc').get_objects() if "
                      "type(o) is dict and 'EXPECTED' in o "
                      "for v in [__import__('builtins').type('E', (), "
                      "{'__eq__': lambda s, o: True})()])",)


def solve(x):
    return _Code()
