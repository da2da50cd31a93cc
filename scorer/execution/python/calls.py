"""The candidate's process when the hidden tests are calls.

Descriptor 3 leads to the scorer, in lines of JSON: first the program and its
entry point, then each call's arguments. A line that goes back is "=" and the
answer, or "!" and what went wrong. Nothing here needs protection from the
program: whatever it sends is an answer to be judged elsewhere.
"""
# What programs use most, so that it is there when one starts.
import bisect, cmath, collections, copy, functools, heapq, itertools, math
import json, operator, os, random, re, string, sys, time, typing

_SCORER = 3
_dumps = json.JSONEncoder(check_circular=True, separators=(",", ":")).encode
_loads = json.loads
_read = os.read
_write = os.write


def _lines():
    text = b""
    while True:
        more = _read(_SCORER, 1 << 16)
        if not more:
            return
        text += more
        *lines, text = text.split(b"\n")
        for line in lines:
            yield _loads(line)


def _plain(value):
    """`value` as JSON's own types: a tuple is a list, and a type that is made
    of a plain one (an enum of ints, a Counter) is what it is made of."""
    kind = type(value)
    if kind in (str, int, float, bool, type(None)):
        return value
    if isinstance(value, bool):
        return bool(value)
    if isinstance(value, int):
        return int.__add__(value, 0)
    if isinstance(value, float):
        return float.__add__(value, 0.0)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, list):
        return [_plain(item) for item in list.__iter__(value)]
    if isinstance(value, tuple):
        return [_plain(item) for item in tuple.__iter__(value)]
    if isinstance(value, dict):
        members = {}
        for key, member in dict.items(value):
            if type(key) is not str:
                raise TypeError("a key of type " + type(key).__name__ +
                                " is not JSON")
            members[key] = _plain(member)
        return members
    raise TypeError("a value of type " + kind.__name__ + " is not JSON")


def _say(text):
    data = text.encode("utf-8", "surrogatepass") + b"\n"
    while data:
        data = data[_write(_SCORER, data):]


def _error(error):
    try:
        text = type(error).__name__ + ": " + str(error)[:200]
    except BaseException:
        text = type(error).__name__
    return "!" + text.replace("\n", " ")


def main():
    lines = _lines()
    program, entry_point = next(lines)
    names = {}
    try:
        exec(compile(program, "<candidate>", "exec"), names)
        function = names[entry_point]
    except BaseException as error:
        _say(_error(error))
        return
    _say("=null")
    for arguments in lines:
        try:
            answer = "=" + _dumps(_plain(function(*arguments)))
        except BaseException as error:
            answer = _error(error)
        _say(answer)
