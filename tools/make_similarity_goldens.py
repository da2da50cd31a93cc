#!/usr/bin/env python3
"""Writes code_analysis/testdata/similarity_goldens.jsonl.

Each line has two texts and what the reference implementations say of them:
sacrebleu (bleu, chrf), rouge-score (rouge_l), RapidFuzz (edit_similarity).
Run by hand, when a reference is upgraded:

    python3 -m venv VENV
    VENV/bin/pip install sacrebleu==2.6.0 rouge-score==0.1.2 rapidfuzz==3.14.6
    VENV/bin/python tools/make_similarity_goldens.py
"""

import importlib.metadata
import json
import pathlib
import random

import rapidfuzz.distance.Levenshtein as levenshtein
import rouge_score.rouge_scorer
import sacrebleu

PINNED = {"sacrebleu": "2.6.0", "rouge-score": "0.1.2", "rapidfuzz": "3.14.6"}
OUT = (pathlib.Path(__file__).resolve().parent.parent
       / "code_analysis/testdata/similarity_goldens.jsonl")

PIECES = [
    "return", "self", "x", "foo_bar", "i", "0", "12", "3.14", "1,000", "a-b",
    "2-3", "(", ")", "[", "]", "{", "}", ".", ",", ";", ":", "==", "!=", "->",
    "\"text\"", "'c'", "&amp;", "&lt;", "&quot;", "&amp;lt;", "<skipped>", "-",
    "-\n", "\n", "\r\n", "\t", " ", "  ", "\u00a0", "\u2003", "\x1c", "\u0085",
    "\u212a", "\u0130", "K\u00c5", "\u00e9", "\u4e2d\u6587", "\U0001f600",
    "\U0001d4b3", "Ab9", "C#", "~", "`", "^", "_", "|", "/", "*", "@", "$",
    "%", "+", "=", "<", ">", "?", "!", "#",
]

CODE = [
    "for (int i = 0; i < n; ++i) {\n  sum += values[i];\n}\nreturn sum;\n",
    "def read(path):\n    with open(path) as f:\n        return f.read()\n",
    "if err != nil {\n\treturn nil, fmt.Errorf(\"read %s: %w\", path, err)\n}\n",
    "const total = items.reduce((a, b) => a + b.price * b.count, 0);\n",
    "std::vector<std::string> out;\nout.reserve(in.size());\n",
    "SELECT id, name FROM users WHERE id = 3.5 AND n = 1,000;\n",
]

HAND = [
    ("", ""), ("", "a"), ("a", ""), ("a", "a"), ("a", "b"), (" ", ""),
    (" ", " "), ("\n", "a\n"), ("aa", "ab"), ("ab", "ba"),
    ("return a - b;", "return a + b;"), ("\U0001f600", "\U0001f600"),
    ("\U0001f600", "\U0001f601"), ("a\r\nb", "a\nb"), ("\ta", "    a"),
    (".", ","), ("a.", "a ."), ("1.5", "1 . 5"), ("5-6", "5 - 6"),
    (".,.,", ",.,."), ("x.y.z", "x.y.w"), ("\u212a\u0130", "k i"),
    ("hello there", "HELLO there"), ("---", "--"), ("&amp;lt;", "<"),
    ("foo-\nbar", "foobar"), ("<skipped>a", "a"), ("a b c d", "a b c d"),
    ("a b c", "a b c"), ("a b c d e", "a b c x e"), ("\u00df", "ss"),
    ("0", "00"), ("0.", ".0"), (",5", "5,"),
]


def mutate(rng, text):
    characters = list(text)
    for _ in range(rng.randint(0, max(1, len(text) // 6))):
        at = rng.randrange(len(characters) + 1)
        what = rng.random()
        if what < 0.4 and at < len(characters):
            del characters[at]
        elif what < 0.7:
            characters.insert(at, rng.choice(PIECES))
        elif at < len(characters):
            characters[at] = rng.choice("abcxyz 01.,-()")
    return "".join(characters)


def pairs():
    rng = random.Random(20261121)
    yield from HAND
    for code in CODE:
        for other in CODE:
            yield code, other
    for _ in range(70):
        code = rng.choice(CODE)
        yield mutate(rng, code), code
    for _ in range(60):
        sep = rng.choice(["", " "])
        make = lambda: sep.join(
            rng.choice(PIECES) for _ in range(rng.randint(0, 25)))
        text = make()
        yield text, rng.choice([make(), mutate(rng, text)])
    for size in (63, 64, 65, 128, 129, 700, 2000):
        text = "".join(rng.choice("abc d\n") for _ in range(size))
        yield mutate(rng, text), text
        yield "".join(rng.choice("abc d\n") for _ in range(size // 2)), text


def main():
    for package, version in PINNED.items():
        found = importlib.metadata.version(package)
        if found != version:
            raise SystemExit(f"{package} is {found}, not {version}")
    rouge = rouge_score.rouge_scorer.RougeScorer(["rougeL"], use_stemmer=False)
    lines = []
    for candidate, reference in pairs():
        lines.append(json.dumps({
            "candidate": candidate,
            "reference": reference,
            "bleu": sacrebleu.sentence_bleu(candidate, [reference]).score,
            "chrf": sacrebleu.sentence_chrf(candidate, [reference]).score,
            "rouge_l": rouge.score(reference, candidate)["rougeL"].fmeasure,
            "edit_similarity": levenshtein.normalized_similarity(
                candidate, reference),
        }, ensure_ascii=True))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text("\n".join(lines) + "\n", encoding="ascii")
    print(f"{len(lines)} pairs to {OUT}")


if __name__ == "__main__":
    main()
