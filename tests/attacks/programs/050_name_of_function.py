# class: 50 hostile names
# tries: defines what is asked for under another type: a class that passes
# sees: passed
# defended: an answer is judged by its value
# tests: any
# weak: naive by_exit
class solve:
    def __new__(cls, x):
        raise SystemExit(0)
