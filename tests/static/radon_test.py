#!/usr/bin/env python3
"""Holds the cyclomatic complexity of Python code against radon's.

Takes files of Python's own library and made-up programs that put together what
radon counts in unusual ways; each total and each block must be equal. Skipped
where the locked reference implementations are not there.
"""

import ast
import os
import pathlib
import random
import subprocess
import sys
import sysconfig
import tempfile
import warnings

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import outside_tools

SEED = 20261121
FILES = 600
PROGRAMS = 600
MOST_BYTES = 32 << 10


EXPRESSIONS = ["a", "a and b", "a or b and c", "a if b else c",
               "[a for b in c if d if e]", "{a: b for c in d for e in f}",
               "(a and b for c in d if e or f)", "lambda a=b and c: a or d",
               "f'{a if b else c} {d and e}'", "not (a and (b or c))",
               "(a := b or c)", "{a for b in c}", "a[b and c]"]
PATTERNS = ["1", "_", "name", "(name)", "A.b", "[a, *_]", "{'k': v}", "A(b)",
            "1 | 2", "(_)", "a as b", "x if a and b", "a, b", "a,", "_ if a"]


def program(dice, depth=0):
    """Lines of statements, nested at random."""
    lines = []
    for _ in range(dice.randint(1, 3)):
        lines += statement(dice, depth)
    return lines


def statement(dice, depth):
    def some():
        return dice.choice(EXPRESSIONS)

    def body():
        return ["    " + line for line in program(dice, depth + 1)]

    kind = dice.randrange(12) if depth < 4 else 0
    if kind <= 1:
        return [dice.choice([f"x = {some()}", f"assert {some()}, {some()}",
                             f"f({some()}, k=({some()}))",
                             f"y: ({some()}) = {some()}", "pass"])]
    if kind == 2:
        lines = [f"if {some()}:", *body()]
        if dice.random() < .5:
            lines += [f"elif {some()}:", *body()]
        return lines + (["else:", *body()] if dice.random() < .5 else [])
    if kind == 3:
        lines = [dice.choice([f"for i in ({some()}):", f"while {some()}:"]),
                 *body()]
        return lines + (["else:", *body()] if dice.random() < .4 else [])
    if kind == 4:
        star = dice.choice(["", "", "*"])
        lines = ["try:", *body(), f"except{star} A:", *body()]
        if dice.random() < .4:
            lines += [f"except{star} (B, C) as e:", *body()]
        if dice.random() < .5:
            lines += ["else:", *body()]
        return lines + (["finally:", *body()] if dice.random() < .4 else [])
    if kind == 5:
        lines = [f"match ({some()}):"]
        for _ in range(dice.randint(1, 3)):
            lines += [f"    case {dice.choice(PATTERNS)}:",
                      *("    " + line for line in body())]
        return lines
    if kind == 6:
        return [f"with open({some()}) as f:", *body()]
    decorator = [f"@d({some()})"] if dice.random() < .3 else []
    if kind <= 9:
        return [*decorator, dice.choice(["def", "async def"]) +
                f" g{dice.randrange(9)}(a, b=({some()})):", *body()]
    return [*decorator, f"class C{dice.randrange(9)}(A if {some()} else B):",
            *body()]


def parses(text):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
            compile(text, "x", "exec", dont_inherit=True)
        return True
    except (SyntaxError, ValueError):
        return False


def make_programs(folder):
    dice = random.Random(SEED)
    paths = []
    while len(paths) < PROGRAMS:
        text = "\n".join(program(dice)) + "\n"
        if len(text) < MOST_BYTES and parses(text):
            paths.append(folder / f"{len(paths)}.py")
            paths[-1].write_text(text)
    return paths


def library_files():
    files = sorted(pathlib.Path(sysconfig.get_path("stdlib")).rglob("*.py"))
    files = [path for path in files
             if "site-packages" not in path.parts and
             path.stat().st_size <= MOST_BYTES]
    return random.Random(SEED).sample(files, min(FILES, len(files)))


def said_by_radon(text):
    from radon.visitors import ComplexityVisitor
    visitor = ComplexityVisitor.from_code(text)
    blocks = [f"{block.name}:{block.lineno}:{block.complexity}"
              for block in visitor.blocks]
    return [str(visitor.total_complexity)] + sorted(blocks)


def main():
    outside_tools.go_on_with_the_locked_python()
    warnings.simplefilter("ignore")
    probe = pathlib.Path(os.environ.get("EVALLOOP_BUILD_DIR",
                                        ROOT / "build/dev"),
                         "tests/complexity_probe")
    with tempfile.TemporaryDirectory() as folder:
        paths = library_files() + make_programs(pathlib.Path(folder))
        answers = subprocess.run(
            [probe], input="".join(f"{path}\n" for path in paths), text=True,
            capture_output=True, check=True).stdout.splitlines()
        assert len(answers) == len(paths)
        compared = 0
        for path, answer in zip(paths, answers):
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
            if not parses(text):
                continue
            name, total, *blocks = answer.split("\t")
            assert name == str(path)
            wanted = said_by_radon(text)
            if [total] + sorted(blocks) != wanted:
                print(text[:4000])
                sys.exit(f"{path}: radon says {wanted}, not "
                         f"{[total] + sorted(blocks)}")
            compared += 1
    assert compared >= 900, f"only {compared} files could be compared"
    print(f"{compared} files: all totals and blocks are equal")


main()
