"""Counts what a tool finds in each of many Python files.

    code_tools.py types|security FOLDER

Reads FOLDER/*.py in the order of their names and prints a line for each: how
many findings there are and the first of them ("2 arg-type:3 index:7", rule and
line), or "-" where the tool can't read that file. Exit code 3: the tool is not
installed. The files are read, never run.
"""

import glob
import io
import re
import sys
import tokenize


def without_excuses(source):
    """The source with comments that silence mypy blanked: who is measured must
    not choose what is seen."""
    lines = io.StringIO(source).readlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT or not re.match(
                r"#+\s*(type:\s*ignore|mypy:)", token.string):
            continue
        row, column = token.start
        line = lines[row - 1]
        lines[row - 1] = line[:column] + "#" + line[column +
                                                    len(token.string):]
    return "".join(lines)


def readable(path):
    """The source where Python can parse it; None elsewhere."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            source = file.read()
        compile(source, path, "exec", dont_inherit=True)
        return source
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def type_errors(paths):
    """Each file's errors, as (rule, line); None for what mypy chokes on."""
    from mypy import api

    sources = {}
    for path in paths:
        source = readable(path)
        try:
            sources[path] = source and without_excuses(source)
        except (tokenize.TokenError, IndentationError):
            sources[path] = None
    counts = dict.fromkeys(paths)

    def check(some):
        # /box is read-only: mypy gets copies, by a name that nobody imports.
        copies = {}
        for path in some:
            copy = "evalloop_" + path.rsplit("/", 1)[-1]
            with open(copy, "w", encoding="utf-8", newline="") as file:
                file.write(sources[path])
            copies[copy] = path
        out, _, status = api.run([
            "--config-file=", "--no-incremental", "--cache-dir=/dev/null",
            "--no-site-packages", "--ignore-missing-imports",
            "--show-error-codes",
            "--check-untyped-defs", "--no-error-summary",
            "--no-color-output", "--hide-error-context", *copies])
        if status not in (0, 1):  # One file stops mypy for all.
            if len(some) > 1:
                check(some[:len(some) // 2])
                check(some[len(some) // 2:])
            return
        for path in some:
            counts[path] = []
        for line in out.splitlines():
            match = re.match(r"(evalloop_\w+\.py):(\d+): error: ", line)
            if match and match[1] in copies:
                code = re.search(r"  \[([a-z-]+)\]$", line)
                counts[copies[match[1]]].append(
                    (code[1] if code else "error", int(match[2])))

    wanted = [path for path in paths if sources[path] is not None]
    if wanted:
        check(wanted)
    return [counts[path] for path in paths]


def security_findings(paths):
    from bandit.core import config, manager

    wanted = [path for path in paths if readable(path) is not None]
    bandit = manager.BanditManager(config.BanditConfig(), "file",
                                   ignore_nosec=True)
    bandit.discover_files(wanted)
    bandit.run_tests()
    counts = {path: [] for path in wanted}
    for path, _ in bandit.skipped:
        counts.pop(path, None)
    for issue in bandit.get_issue_list():
        if issue.fname in counts:
            counts[issue.fname].append((issue.test_id, issue.lineno))
    return [counts.get(path) for path in paths]


def main():
    tool, folder = sys.argv[1:]
    paths = sorted(glob.glob(folder + "/*.py"))
    try:
        found = {"types": type_errors,
                 "security": security_findings}[tool](paths)
    except ImportError:
        sys.exit(3)
    for some in found:
        if some is None:
            print("-")
        else:
            some.sort(key=lambda finding: finding[1])
            print(len(some), *(f"{rule}:{line}" for rule, line in some[:40]))


main()
