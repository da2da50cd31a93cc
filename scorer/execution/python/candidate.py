"""The candidate's process: runs its program, then answers calls.

Descriptor 3 leads to the check. Nothing here knows a test, an expected value or
a verdict, and nothing here needs protection from the program: whatever it sends
is an answer to be judged elsewhere.
"""
# What programs use most, so that it is there when one starts.
import bisect, cmath, collections, copy, functools, heapq, itertools, math
import operator, random, re, string, sys, time, typing

_CHECK = 3
_STOPS = (SystemExit, KeyboardInterrupt, GeneratorExit)


def _describe(error):
    names = [kind.__name__ for kind in type(error).__mro__[:8]]
    try:
        text = str(error)[:300]
    except BaseException:
        text = ""
    return {"x": [names, text]}


def _answer(function):
    arguments, named = receive_value(_CHECK)
    arguments = [decode(argument) for argument in arguments]
    named = {name: decode(value) for name, value in named}
    try:
        return {"v": encode(function(*arguments, **named))}
    except BaseException as error:
        return _describe(error)


def main():
    program = receive_bytes(_CHECK).decode("utf-8", "replace")
    entry_point = receive_bytes(_CHECK).decode("utf-8", "replace")
    names = {}
    try:
        exec(compile(program, "<candidate>", "exec"), names)
        function = names[entry_point]
    except BaseException as error:
        send_value(_CHECK, _describe(error))
        return
    send_value(_CHECK, {"v": None})
    while True:
        try:
            answer = _answer(function)
        except (EOFError, OSError):
            return
        try:
            send_value(_CHECK, answer)
        except OSError:
            return
        except BaseException as error:  # A text that JSON can't hold, and such.
            send_value(_CHECK, _describe(error))
