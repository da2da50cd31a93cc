"""The candidate's process: runs its program, then answers calls.

Descriptor 3 leads to the check: what the tests share with the program, the
program, its entry point, then calls. Nothing here knows a test, an expected value or
a verdict, and nothing here needs protection from the program: whatever it sends
is an answer to be judged elsewhere.
"""
# What programs use most, so that it is there when one starts.
import bisect, cmath, collections, copy, functools, heapq, itertools, math
import operator, random, re, string, sys, time, typing

_CHECK = 3


def _describe(error):
    names = [kind.__name__ for kind in type(error).__mro__[:8]]
    try:
        text = str(error)[:300]
    except BaseException:
        text = ""
    return {"x": [names, text]}


def _answer(function, call):
    arguments, named = call
    arguments = [decode(argument) for argument in arguments]
    named = {name: decode(value) for name, value in named}
    try:
        return {"v": encode(function(*arguments, **named))}
    except BaseException as error:
        return _describe(error)


def _warm_call(function, given, named):
    call = loads(dumps([[encode(value) for value in given],
                        [[name, encode(value)] for name, value in named.items()]]))
    answer = loads(dumps(_answer(function, call)))
    dumps(_describe(ValueError("none")))
    return decode(answer["v"]) if "v" in answer else answer


warm_up(_warm_call)
rehearsal = [b"".join(frame(text) for text in (
    b"", ORDINARY.encode(), b"solve", b'[[[1.0,2.0,3.9],0.3],[]]',
    b'[[[1.0,2.0,3.9],0.3],[]]'))]


def main():
    check = Frames(_CHECK)
    shared = check.receive().decode("utf-8", "replace")
    program = check.receive().decode("utf-8", "replace")
    entry_point = check.receive().decode("utf-8", "replace")
    names = {}
    try:
        if shared:
            exec(compile(shared, "<shared>", "exec"), names)
        exec(compile(program, "<candidate>", "exec"), names)
        function = names[entry_point]
    except BaseException as error:
        check.send(dumps(_describe(error)))
        return
    check.send(dumps({"v": None}))
    while True:
        try:
            answer = _answer(function, loads(check.receive()))
        except (EOFError, OSError):
            return
        try:
            check.send(dumps(answer))
        except OSError:
            return
        except BaseException as error:  # A text that JSON can't hold, and such.
            check.send(dumps(_describe(error)))
