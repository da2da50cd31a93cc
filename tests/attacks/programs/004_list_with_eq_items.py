# class: 4 __eq__ always true
# tries: answers with a list whose item equals everything
# sees: passed
# defended: only plain values cross to the tests
# tests: list
# weak: naive in_process
class Equal:
    def __eq__(self, other):
        return True


def solve(x):
    return [Equal()]
