"""Attacks on the hidden tests of other languages: programs 72 to 74.

Such a program defines solve(x) in its language. Its header may say

    form:   "calls" (if not given), "script", or both
    tests:  which of SCRIPTS the script is
    weak:   "naive KIND" of naive_foreign.py, then words of weakenings.py
"""
import functools
import os
import pathlib
import random
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
LANGUAGES = {".js": "javascript", ".cc": "cpp", ".go": "go"}

# Test scripts of naive harnesses, and for JavaScript the real ones.
SCRIPTS = {
    (".js", "plain"): """const EXPECTED = [{expected}];
for (let x = 0; x < 20; ++x) {{
  if (solve(x) !== EXPECTED[x]) throw new Error('wrong');
}}
""",
    (".js", "console"): """const EXPECTED = [{expected}];
for (let x = 0; x < 20; ++x) console.assert(solve(x) === EXPECTED[x], 'no');
""",
    (".js", "assert"): """const EXPECTED = [{expected}];
const assert = require('assert');
for (let x = 0; x < 20; ++x) assert.deepStrictEqual(solve(x), EXPECTED[x]);
""",
    (".js", "every"): """const EXPECTED = [{expected}];
if (!EXPECTED.every((wanted, x) => Object.is(solve(x), wanted))) {{
  throw new Error('wrong');
}}
""",
    (".js", "json"): """const EXPECTED = [{expected}];
for (let x = 0; x < 20; ++x) {{
  if (JSON.stringify(solve(x)) !== JSON.stringify(EXPECTED[x])) {{
    throw new Error('wrong');
  }}
}}
""",
    (".js", "flags"): """const EXPECTED = [{expected}];
const state = {{}};
for (let x = 0; x < 20; ++x) {{
  if (solve(x) !== EXPECTED[x] && !state.ignore) throw new Error('wrong');
}}
""",
    (".js", "near"): """const EXPECTED = [{expected}];
for (let x = 0; x < 20; ++x) {{
  if (Math.abs(solve(x) - EXPECTED[x]) > 1e-6) throw new Error('wrong');
}}
""",
    (".js", "include"): """const EXPECTED = [{expected}];
if (!EXPECTED.includes(solve(0)) || EXPECTED.indexOf(solve(1)) !== 1) {{
  throw new Error('wrong');
}}
""",
    (".cc", "plain"): """#include <cassert>
static const long EXPECTED[] = {{{expected}}};
int main() {{
  for (int x = 0; x < 20; ++x) assert(solve(x) == EXPECTED[x]);
}}
""",
    (".cc", "if"): """extern const long EXPECTED[20] = {{{expected}}};
int main() {{
  for (int x = 0; x < 20; ++x) {{
    if (solve(x) != EXPECTED[x]) return 1;
  }}
  return 0;
}}
""",
    (".cc", "near"): """static const double EXPECTED[] = {{{expected}}};
int main() {{
  for (int x = 0; x < 20; ++x) {{
    const double off = solve(x) - EXPECTED[x];
    if (off > 1e-6 || off < -1e-6) return 1;
  }}
  return 0;
}}
""",
    (".go", "plain"): """
var expected = []int{{{expected}}}

func main() {{
	for x := 0; x < 20; x++ {{
		if any(solve(x)) != any(expected[x]) {{
			panic("wrong")
		}}
	}}
}}
""",
}


def expected_answers():
    pick = random.SystemRandom()
    return [pick.randrange(10 ** 9) for _ in range(20)]


def is_foreign(attack):
    return attack.path.suffix in LANGUAGES and "argv" not in attack.header


def forms(attack):
    return attack.header.get("form", "calls").split()


def script(attack, expected):
    kind = attack.header.get("tests", "plain")
    return SCRIPTS[attack.path.suffix, kind].format(
        expected=", ".join(map(str, expected)))


@functools.cache
def missing(suffix):
    """Why the language can't be checked here; None: it can."""
    tool = {".js": "node", ".cc": "g++", ".go": "go"}[suffix]
    path = os.environ.get("PATH", "") + ":/usr/local/go/bin"
    found = shutil.which(tool, path=path)
    return None if found else f"{tool} is not installed"


def check_orders(attack, tier, source):
    """The driver's orders, one of each form."""
    for form in forms(attack):
        expected = expected_answers()
        order = [("order", "check"), ("tier", tier),
                 ("language", LANGUAGES[attack.path.suffix]),
                 ("program", source), ("entry_point", "solve"),
                 ("timeout_ms", limit_ms(attack))]
        if form == "script":
            order.append(("tests", script(attack, expected)))
        elif attack.header.get("tests") == "near":
            order += [("tolerance", "1e-6")] + [
                ("call", f"[{x}]\n{answer}.0")
                for x, answer in enumerate(expected)]
        else:
            order += [("call", f"[{x}]\n{answer}")
                      for x, answer in enumerate(expected)]
        yield order


def limit_ms(attack):
    return int(attack.header.get("limits", "2000").split("=")[-1])


def allowance_ms(attack, weak=False):
    """What compiling may take besides."""
    if attack.path.suffix == ".js":
        return 0
    return 12_000 if weak else 60_000


@functools.cache
def go_tools():
    """The folder of Go's tools, what they import, and where that lies."""
    go = shutil.which("go", path=os.environ["PATH"] + ":/usr/local/go/bin")
    version = subprocess.check_output([go, "env", "GOVERSION"], text=True)
    below = ("/var/cache" if os.getuid() == 0 else
             os.environ.get("XDG_CACHE_HOME") or
             os.path.expanduser("~/.cache"))
    cache = f"{below}/evalloop/go-{version.strip()}"
    tools = subprocess.check_output([go, "env", "GOTOOLDIR"], text=True)
    imports = subprocess.check_output(
        [go, "list", "-deps", "-export", "-f",
         "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}", "fmt",
         "os", "strings", "strconv", "syscall", "time", "regexp", "os/exec"],
        text=True, cwd="/", env={
            "PATH": "/usr/bin:/bin", "HOME": cache, "GOCACHE": cache,
            "GOTOOLCHAIN": "local", "GOPROXY": "off", "GO111MODULE": "off",
            "CGO_ENABLED": "0"})
    return tools.strip(), imports, cache


def weak_fields(attack, source):
    """What a naive harness is started with."""
    suffix = attack.path.suffix
    wall = str(limit_ms(attack) + allowance_ms(attack, True) + 6000)
    fields = [("wall_time", wall), ("cpu_time", wall), ("processes", "64"),
              ("address_space", "0"), ("file_size", str(64 << 20)),
              ("scratch_space", str(128 << 20)),
              ("argv", "/usr/bin/python3"), ("argv", "-I"), ("argv", "-S"),
              ("argv", "/box/naive_foreign.py"),
              ("argv", attack.header["weak"].split()[1]),
              ("file:/box/naive_foreign.py",
               (HERE / "naive_foreign.py").read_text()),
              ("file:/box/program" + suffix, source),
              ("file:/box/tests" + suffix,
               script(attack, expected_answers()))]
    if suffix == ".go":
        tools, imports, cache = go_tools()
        fields += [("file:/box/tools", tools), ("file:/box/imports", imports),
                   ("folder", cache)]
    return fields
