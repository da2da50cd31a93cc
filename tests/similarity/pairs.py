"""Pairs of texts on which our metrics are compared with the reference
implementations: real code, code broken at random, and hostile text.

Deterministic: the same seed makes the same pairs.
"""

import pathlib
import random

SNIPPETS = pathlib.Path(__file__).parent / "snippets"
LANGUAGES = sorted(path.stem for path in SNIPPETS.glob("*.txt"))
# White space of every sort that Python, and only Python, splits at; letters
# that change length in lower case; marks; digits of other scripts; and code
# points outside the BMP.
ODD = ("\t", "\r", "\r\n", "\n", "\v", "\f", "\x1c", "\x1f", "\x85", "\xa0",
       "\u1680", "\u2003", "\u2028", "\u3000", "\u200b", "\ufeff", "\0",
       "İ", "ẞ", "ß", "é", "e\u0301", "Σς", "ﬁ", "½", "²", "٣", "५", "Ⅷ", "中文",
       "日本", "한글", "ไทย", "ʼ", "‿", "_", "😀", "👩‍💻", "𝒳", "𝟘", "\U0001f1e9",
       "&quot;", "&amp;", "&lt;", "&gt;", "<skipped>", "-\n", ".", ",", "1.5",
       "a,b", "1-2", "\"", "'", "`", "{", "}", "\\", "//", "/*", "*/", "#")
WORDS = ("a", "b", "x", "foo", "return", "if", "the", "=", "+", "(", ")", "1",
         "12", ";", "Foo", "BAR")


def snippets(language):
    text = (SNIPPETS / f"{language}.txt").read_text(encoding="utf-8")
    return [part.strip("\n") for part in text.split("\n=====\n")]


def pieces(text):
    """Words and runs of everything else, so that they join to the text."""
    out = []
    for c in text:
        if out and c.isalnum() and out[-1][-1].isalnum():
            out[-1] += c
        else:
            out.append(c)
    return out


def broken(random_, text, most):
    """The text after a few edits of the kinds that models and people make."""
    parts = pieces(text)
    for _ in range(random_.randint(0, most)):
        if not parts:
            break
        at = random_.randrange(len(parts))
        kind = random_.randrange(7)
        if kind == 0:
            del parts[at]
        elif kind == 1:
            parts[at] = random_.choice(parts)
        elif kind == 2:
            parts.insert(at, random_.choice(parts))
        elif kind == 3:
            parts = parts[:at] if random_.random() < .3 else parts
        elif kind == 4:
            end = min(len(parts), at + random_.randint(1, 12))
            parts[at:at] = parts[at:end]
        elif kind == 5:
            end = min(len(parts), at + random_.randint(1, 12))
            del parts[at:end]
        else:
            parts[at] = random_.choice(ODD + WORDS)
    return "".join(parts)


def code_pairs(seed, count):
    """(language, candidate, reference), the languages in turn."""
    random_ = random.Random(seed)
    of = {language: snippets(language) for language in LANGUAGES}
    for i in range(count):
        language = LANGUAGES[i % len(LANGUAGES)]
        reference = random_.choice(of[language])
        other = reference if random_.random() < .8 else random_.choice(
            of[language])
        yield (language, broken(random_, other, random_.choice((0, 2, 6, 20))),
               broken(random_, reference, random_.choice((0, 0, 0, 3))))


def text_pairs(seed, count):
    """Pairs of hostile or random text."""
    random_ = random.Random(seed)
    alphabet = ODD + WORDS + (" ",) * 30 + ("\n",) * 4

    def text(most):
        return "".join(random_.choice(alphabet)
                       for _ in range(random_.randint(0, most)))

    fixed = ["", " ", "a", "\n", "\r\n", "😀", "e", "é", "a" * 50, "a " * 50,
             "ab" * 40, "a\tb\r\nc", "\U0010ffff", "0", ".", "-", "A", "İ"]
    for a in fixed:
        for b in fixed:
            yield a, b
    for i in range(max(0, count - len(fixed) ** 2)):
        a = text(random_.choice((1, 3, 10, 60)))
        if i % 3 == 0:
            yield a, text(random_.choice((1, 3, 10, 60)))
        else:
            yield a, broken(random_, a, random_.choice((1, 3, 10)))


def wide_pairs(seed, count):
    """Pairs with more kinds of characters than a byte could number."""
    random_ = random.Random(seed)
    for _ in range(count):
        text = "".join(
            random_.choice(ODD + WORDS + (" ",) * 8) if random_.random() < .3
            else chr(random_.choice((0x4E00, 0x20000))
                     + random_.randrange(1500))
            for _ in range(random_.choice((200, 600))))
        yield text, broken(random_, text, random_.choice((3, 30)))


def long_pairs(seed):
    """Lines of about 100 KB: random, and the same over and over."""
    random_ = random.Random(seed)
    line = "".join(random_.choice(WORDS + (" ",) * 8) for _ in range(60000))
    yield line, broken(random_, line, 40)
    yield "x = 1; " * 14000, "x = 2; " * 14500
    yield "a" * 100000, "a" * 99000 + "b"
    yield "é" * 50000, "é " * 30000
