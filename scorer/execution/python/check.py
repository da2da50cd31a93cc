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

    def __init__(self, frames):
        self._frames = frames
        self.gone = ""

    def lose(self, why):
        self.gone = self.gone or why
        raise CandidateGone(self.gone)

    def answer(self):
        """Of the last question, or of the program itself."""
        try:
            (tag, body), = loads(self._frames.receive()).items()
            if tag == "v":
                return decode(body)
            kinds, text = body
            error = _error_of(kinds, text)
        except (EOFError, OSError):
            self.lose("the candidate ended early")
        except Exception as error:
            self.lose("no answer: " + type(error).__name__)
        raise error

    def ask(self, arguments, named):
        if self.gone:
            raise CandidateGone(self.gone)
        call = dumps([[encode(argument) for argument in arguments],
                      [[name, encode(value)] for name, value in named.items()]])
        try:
            self._frames.send(call)
        except OSError:
            self.lose("the candidate ended early")
        return self.answer()


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
        return link.ask(arguments, named)

    candidate.__name__ = candidate.__qualname__ = entry_point
    return candidate


# A prompt's line at its left margin that says all it does.
_SIMPLE_LINE = re.compile(
    r"(?:from [\w.]+ import (\w+(?: *, *\w+)*)|import ([\w.]+(?: *, *[\w.]+)*)"
    r"|def (\w+)\([^#]*\).*:) *|#.*|\s.*|").fullmatch
_WORDS = re.compile(r"\w+").findall
# Those by which tests may get at a name without having it.
_LOOKS_AROUND = frozenset((
    "globals", "locals", "vars", "dir", "eval", "exec", "compile", "__import__",
    "__main__", "__globals__", "sys", "inspect", "gc"))


def _names_in(code, names):
    names.update(code.co_names)
    for constant in code.co_consts:
        if type(constant) is type(code):
            _names_in(constant, names)
    return names


def _needs_prompt(prompt, tests, entry_point):
    """False where the compiled tests can't tell whether the prompt ran."""
    used = _names_in(tests, set())
    used.discard(entry_point)
    if used & _LOOKS_AROUND:
        return True
    for line in prompt.splitlines():
        simple = _SIMPLE_LINE(line)
        if simple is None:
            return True
        for group in simple.groups():
            if group and not used.isdisjoint(_WORDS(group)):
                return True
    return False


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
    exec(tests, names)
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


def _verdict(scorer):
    """None, or what is wrong with the candidate."""
    rest, prompt, tests, entry_point = (
        scorer.receive() for _ in range(4))
    frames = Frames(_CANDIDATE)
    link = _Link(frames)
    try:
        frames.send_raw(rest)
        prompt = prompt.decode("utf-8", "replace")
        entry_point = entry_point.decode("utf-8", "replace")
        # Compiled while the candidate starts; what is wrong with the tests is
        # told after what is wrong with the candidate.
        try:
            tests = compile(tests.decode("utf-8", "replace"), "<tests>", "exec")
            trouble = None
        except Exception as error:
            trouble = error
        names = {}
        if trouble is None and _needs_prompt(prompt, tests, entry_point):
            names = _prompt_names(prompt)
        link.answer()
        if trouble is not None:
            raise trouble
        candidate = _proxy(link, entry_point)
        names[entry_point] = candidate
        _run_tests(names, tests, candidate)
    except OSError:
        return link.gone or "the candidate ended early"
    except BaseException as error:
        return link.gone or _words(error)
    return link.gone or None


class _Echo:
    """A candidate that needs no process."""

    def __init__(self, function):
        self._function = function

    def send(self, call):
        arguments, named = loads(call)
        arguments = [decode(argument) for argument in arguments]
        try:
            self._answer = {"v": encode(self._function(*arguments))}
        except Exception as error:
            self._answer = {"x": [["TypeError"], str(error)]}

    def receive(self):
        return dumps(self._answer)


def _warm_call(function, given, named):
    return _Link(_Echo(function)).ask(given, named)


warm_up(_warm_call)
_words(ValueError("none"))
_needs_prompt("import os\ndef f(a: int) -> int:\n", _names_in.__code__, "f")
rehearsal = [
    b"".join(frame(text) for text in (b'{"v":null}', b'{"v":true}',
                                      b'{"v":true}', b'{"v":false}')),
    b"".join(frame(text) for text in (
        b"", ORDINARY.encode(), TESTS.encode(), b"solve"))]


def main():
    scorer = Frames(_SCORER)
    wrong = _verdict(scorer)
    if wrong is None:
        scorer.send(b"P")
        return
    line = "".join(c if c.isprintable() else " " for c in wrong)
    scorer.send(b"F" + line.encode("ascii", "backslashreplace")[:400])
