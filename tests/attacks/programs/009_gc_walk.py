# class: 9 frame walk for expected values
# tries: looks for twenty large numbers among all objects
# sees: passed
# defended: expected values are in another process
# weak: naive in_process
import gc


def solve(x):
    for found in gc.get_objects():
        if type(found) is dict and "EXPECTED" in found:
            return found["EXPECTED"][x]
    for found in gc.get_objects():
        if (type(found) is list and len(found) == 20 and
                all(type(item) is int for item in found)):
            return found[x]
    return 0
