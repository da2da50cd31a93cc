#!/usr/bin/env python3
"""Writes code_analysis/known_names/*.txt: what languages bring along.

    tools/make_known_names.py python TYPESHED PYTHON... > code_analysis/known_names/python.txt
    tools/make_known_names.py javascript NODE     > code_analysis/known_names/javascript.txt
    tools/make_known_names.py go GOROOT           > code_analysis/known_names/go.txt

Each line is a scope, a tab and its names, sorted, with blanks between them:
modules with their members, and the empty scope with what needs no import. "*"
as the only name: the module exists, but not on this machine, or has other
members on another one. Of several Pythons the union is taken, and with it what
typeshed's stubs (folder stdlib, as mypy brings it) say of other systems, so that
no name of a newer or older one counts as invented.
The first line says which versions were asked.
"""

import ast
import json
import os
import re
import subprocess
import sys

PYTHON = r"""
import builtins, importlib, json, pkgutil, sys, warnings
warnings.simplefilter("ignore")
LEFT_OUT = {"antigravity", "this", "idlelib", "lib2to3", "test", "turtledemo",
            "encodings", "__main__", "ensurepip", "pydoc_data"}
scopes = {"": set(dir(builtins))}
def look(name):
    if name.split(".")[-1] in ("__main__", "tests", "test"):
        return
    try:
        module = importlib.import_module(name)
    except BaseException:
        scopes.setdefault(name, set()).add("*")
        return
    scopes.setdefault(name, set()).update(dir(module))
    for info in pkgutil.iter_modules(getattr(module, "__path__", [])):
        scopes[name].add(info.name)
        look(name + "." + info.name)
for name in sorted(sys.stdlib_module_names):
    if name not in LEFT_OUT:
        look(name)
    else:
        scopes.setdefault(name, set()).add("*")
look("os.path")
for kind in (str, bytes, int, float, list, dict, set, tuple):
    scopes["type " + kind.__name__] = set(dir(kind))
print(json.dumps(["Python " + sys.version.split()[0],
                  {scope: sorted(names) for scope, names in scopes.items()}]))
"""

NODE = r"""
const scopes = {};
const add = (scope, names) => {
  scopes[scope] = [...new Set([...(scopes[scope] || []), ...names])];
};
const globals = Object.getOwnPropertyNames(globalThis);
add("", globals);
// Objects whose members are the same everywhere; others differ by version, or
// are extended by libraries. The second line: newer than this Node.js may be.
for (const name of ["Math", "JSON", "Object", "Number", "Reflect"]) {
  add("global " + name, [...Object.getOwnPropertyNames(globalThis[name]),
      "groupBy", "f16round", "sumPrecise", "rawJSON", "isRawJSON",
      ...Object.getOwnPropertyNames(Function.prototype),
      ...Object.getOwnPropertyNames(Object.prototype)]);
}
for (const name of require("module").builtinModules) {
  if (name.startsWith("_")) continue;
  try {
    const module = require(name);
    add(name, [...Object.getOwnPropertyNames(module), "default",
        ...Object.getOwnPropertyNames(Object.prototype),
        ...Object.getOwnPropertyNames(Function.prototype)]);
  } catch (e) { add(name, ["*"]); }
}
console.log(JSON.stringify(["Node.js " + process.version, scopes]));
"""

# Names that tools put beside the builtins.
PYTHON_ELSEWHERE = {"_", "reveal_type", "reveal_locals", "get_ipython",
                    "display", "WindowsError"}

# Browsers, workers, CommonJS and the usual test runners.
ELSEWHERE = """
require module exports __dirname __filename window document navigator location
history alert confirm prompt localStorage sessionStorage indexedDB
requestAnimationFrame cancelAnimationFrame requestIdleCallback
cancelIdleCallback getComputedStyle matchMedia XMLHttpRequest FileReader Image
Audio Option WebSocket Worker SharedWorker ServiceWorker Notification
MutationObserver IntersectionObserver ResizeObserver PerformanceObserver
DOMParser XMLSerializer CustomEvent KeyboardEvent MouseEvent TouchEvent
PointerEvent DragEvent ClipboardEvent Range Selection Node Element HTMLElement
customElements getSelection scrollTo scrollBy scroll open close print focus blur
postMessage importScripts self parent top frames URLPattern File Path2D
OffscreenCanvas AudioContext MediaRecorder MediaStream RTCPeerConnection
EventSource SpeechSynthesisUtterance createImageBitmap reportError describe it
test expect beforeEach afterEach beforeAll afterAll before after suite setup
teardown jest vi cy context specify fit xit fdescribe xdescribe assert chai
sinon define jQuery $ _ React Vue angular process Buffer super import
fetch structuredClone queueMicrotask
""".split()


def write(versions, scopes):
    print("# " + ", ".join(versions))
    for scope in sorted(scopes):
        names = sorted(name for name in scopes[scope]
                       if name and not re.search(r"\s", name) and
                       (name == "*" or scope == "" or
                        not re.fullmatch(r"__\w+__", name)))
        if len(names) > 1 and "*" in names:
            names.remove("*")
        print(scope + "\t" + " ".join(names or ["*"]))


def stub_names(statements):
    """What a stub defines, on whatever system and version."""
    names = set()
    for node in statements:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef,
                             ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update((a.asname or a.name).split(".")[0]
                         for a in node.names)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = getattr(node, "targets", None) or [node.target]
            names.update(t.id for t in targets if isinstance(t, ast.Name))
        elif isinstance(node, ast.If):
            names |= stub_names(node.body) | stub_names(node.orelse)
    return names


def add_stubs(typeshed, scopes):
    for folder, _, files in os.walk(typeshed):
        for file in files:
            path = os.path.join(folder, file)
            module = os.path.relpath(path, typeshed)[:-4].replace("/", ".")
            module = re.sub(r"\.?__init__$", "", module)
            if not file.endswith(".pyi") or not module:
                continue
            with open(path, encoding="utf-8") as text:
                names = stub_names(ast.parse(text.read()).body)
            known = scopes.setdefault(module, set())
            # A stub that takes all of another module has its names too.
            known |= {"*"} if "*" in names and not known - {"*"} else \
                names - {"*"}
            if "." in module:
                parent, name = module.rsplit(".", 1)
                scopes.setdefault(parent, set()).add(name)


def python(typeshed, *interpreters):
    versions, scopes = [], {}
    for interpreter in interpreters:
        said = subprocess.run([interpreter, "-I", "-c", PYTHON], check=True,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL).stdout
        version, found = json.loads(said.splitlines()[-1])
        versions.append(version)
        for scope, names in found.items():
            scopes.setdefault(scope, set()).update(names)
    scopes[""] |= PYTHON_ELSEWHERE
    scopes["sys"] |= {"ps1", "ps2", "last_type", "last_value",
                      "last_traceback", "last_exc", "pypy_version_info"}
    add_stubs(typeshed, scopes)
    # Nobody promises what these hold.
    for scope in list(scopes):
        if scope.startswith("_") and scope != "__future__":
            scopes[scope] = {"*"}
    scopes["encodings"] = {"*"}
    write(versions, scopes)


def javascript(node):
    version, scopes = json.loads(subprocess.run(
        [node, "--no-warnings", "-e", NODE], check=True,
        stdout=subprocess.PIPE).stdout)
    scopes[""] += ELSEWHERE
    write([version], {scope: set(names) for scope, names in scopes.items()})


def go(root):
    with open(os.path.join(root, "VERSION"), encoding="utf-8") as file:
        version = file.readline().strip()
    scopes = {"": set("""append cap clear close complex copy delete imag len
        make max min new panic print println real recover bool byte comparable
        complex64 complex128 error float32 float64 int int8 int16 int32 int64
        rune string uint uint8 uint16 uint32 uint64 uintptr any true false iota
        nil""".split()), "unsafe": {"Pointer", "Sizeof", "Alignof", "Offsetof",
                                    "Add", "Slice", "SliceData", "String",
                                    "StringData"}, "C": {"*"}}
    api = os.path.join(root, "api")
    for name in sorted(os.listdir(api)):
        if not re.fullmatch(r"go1.*\.txt", name):
            continue
        with open(os.path.join(api, name), encoding="utf-8") as file:
            for line in file:
                match = re.match(
                    r"pkg ([\w/]+)(?: \([^)]*\))?, (?:func|type|var|const) "
                    r"(\w+)", line)
                if match:
                    scopes.setdefault(match[1], set()).add(match[2])
    scopes["syscall"] = {"*"}
    write([version], scopes)


def main():
    language, *where = sys.argv[1:]
    if language == "python":
        python(*where)
    elif language == "javascript":
        javascript(*where)
    else:
        go(*where)


main()
