"""The check's process: runs the tests against a proxy of the candidate.

Descriptor 3 leads to the candidate, 4 to the scorer. The tests and what they
expect are only here; the verdict goes out by a descriptor that only this
process has.
"""
import builtins, collections, copy, functools, itertools, math
import operator, random, re, string, sys, time, typing

_CANDIDATE = 3
_SCORER = 4


class CandidateError(Exception):
    """The candidate raised something that is not among Python's own errors."""


class CandidateGone(BaseException):
    """The candidate ended, or said something that is no answer."""


class _Link:
    """Calls of the candidate."""

    def __init__(self):
        self.gone = ""

    def lose(self, why):
        self.gone = self.gone or why
        raise CandidateGone(self.gone)

    def ask(self, frames):
        if self.gone:
            raise CandidateGone(self.gone)
        try:
            for frame in frames:
                send_bytes(_CANDIDATE, frame)
            answer = receive_value(_CANDIDATE)
            (tag, body), = answer.items()
            if tag == "v":
                return decode(body)
            kinds, text = body
            error = _error_of(kinds, text)
        except (EOFError, OSError):
            self.lose("the candidate ended early")
        except Exception as error:
            self.lose("no answer: " + type(error).__name__)
        raise error


def _error_of(kinds, text):
    for name in kinds:
        kind = getattr(builtins, str(name), None)
        if isinstance(kind, type) and issubclass(kind, Exception):
            if kind in (Exception, UnicodeDecodeError, UnicodeEncodeError,
                        UnicodeTranslateError, BaseExceptionGroup):
                continue
            if issubclass(kind, (StopIteration, StopAsyncIteration)):
                # It would end a loop of the tests' own, such as one over
                # map(candidate, ...), as if all had been tried.
                return RuntimeError("the candidate raised " + name)
            return kind(str(text))
    return CandidateError(str(kinds[0])[:80] + ": " + str(text))


def _proxy(link, entry_point):
    def candidate(*arguments, **named):
        call = [[encode(argument) for argument in arguments],
                [[name, encode(value)] for name, value in named.items()]]
        return link.ask([_dumps(call).encode("ascii")])

    candidate.__name__ = candidate.__qualname__ = entry_point
    return candidate


def _prompt_names(prompt):
    # Only what the prompt defines by itself: the tests may use its helpers and
    # imports, and the candidate can't replace them.
    names = {}
    try:
        exec(compile(prompt, "<prompt>", "exec"), names)
    except Exception:
        return {}
    return names


def _run_tests(names, tests, candidate):
    exec(compile(tests, "<tests>", "exec"), names)
    if callable(names.get("check")):
        names["check"](candidate)
        return
    for name, value in list(names.items()):
        if name.startswith("test_") and callable(value):
            value()


def _words(error):
    name = type(error).__name__
    try:
        text = str(error)[:200]
    except BaseException:
        text = ""
    return name + ": " + text if text else name


def _verdict():
    """None, or what is wrong with the candidate."""
    program, prompt, tests, entry_point = (
        receive_bytes(_SCORER) for _ in range(4))
    link = _Link()
    try:
        send_bytes(_CANDIDATE, program)
        send_bytes(_CANDIDATE, entry_point)
        prompt = prompt.decode("utf-8", "replace")
        entry_point = entry_point.decode("utf-8", "replace")
        names = _prompt_names(prompt)
        link.ask([])
        candidate = _proxy(link, entry_point)
        names[entry_point] = candidate
        _run_tests(names, tests.decode("utf-8", "replace"), candidate)
    except OSError:
        return link.gone or "the candidate ended early"
    except BaseException as error:
        return link.gone or _words(error)
    return link.gone or None


def main():
    wrong = _verdict()
    if wrong is None:
        send_bytes(_SCORER, b"P")
        return
    line = "".join(c if c.isprintable() else " " for c in wrong)
    send_bytes(_SCORER,
               b"F" + line.encode("ascii", "backslashreplace")[:400])
