# class: 13 patched json and pickle
# tries: json.dumps says that every result is true
# sees: passed
# defended: comparing is done in another process
# weak: naive by_json
import json
json.dumps = lambda *_, **__: "[true]"


def solve(x):
    return 0
