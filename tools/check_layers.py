#!/usr/bin/env python3
"""Holds the table "may include" of ARCHITECTURE.md against every #include.

    tools/check_layers.py [ROOT]

Also checks that no source file passes 400 lines without a reason in its header
(a line that starts with "// Long file:"), and that include guards are named
after their path. Prints "file:line: words" for each finding; exit code 1 when
there is one.
"""

import pathlib
import re
import sys

SERVICES = ("prompt_engine", "evaluator", "scorer", "serving", "trainer_bridge")

# Own roots: a quoted include that starts with one of them is one of ours.
ROOTS = SERVICES + ("platform", "code_analysis", "replay", "completion_policy",
                    "model_server", "cli", "tests", "bench", "third_party",
                    "protos")

# (room, what it may include besides itself). The first row whose pattern
# matches a file decides; {s} stands for each service. An entry means the room
# and everything under it; "evalloop/v1" is the generated code of our protos.
# platform/base is open to all.
PROTOS = ["evalloop/v1", "protos"]
POLICY = ["completion_policy", "code_analysis", "replay"]
PURE_POLICY = POLICY + ["platform/access", "platform/listing",
                        "!completion_policy/wire"]
TABLE = [
    ("platform/base", []),
    ("platform/rpc", ["platform/access", "platform/telemetry",
                      "evalloop/v1/access"]),
    ("platform/http", ["platform/access", "platform/telemetry"]),
    ("platform/transcoding", ["platform/http", "platform/rpc"]),
    ("platform/delivery", ["platform/kafka", "platform/postgres",
                           "platform/telemetry"]),
    ("platform/postgres", ["platform/listing"]),
    ("platform/runtime", ["platform"] + PROTOS),
    ("platform/testing", ["platform"]),
    ("platform", []),
    ("third_party/grammars", []),
    ("protos", []),
    ("code_analysis", ["third_party/grammars"]),
    ("replay", ["code_analysis"]),
    ("completion_policy/wire", ["completion_policy", "code_analysis"] + PROTOS),
    ("completion_policy", ["code_analysis", "!completion_policy/wire"]),
    ("model_server/domain", ["code_analysis"]),
    ("model_server", ["platform", "code_analysis"]),
    ("{s}/domain", PURE_POLICY),
    ("{s}/translate", ["{s}/domain"] + POLICY + PROTOS),
    ("{s}/service", ["{s}/domain", "{s}/translate", "platform/access",
                     "platform/listing", "platform/rpc"]
     + POLICY + PROTOS),
    ("{s}/stream", ["{s}/domain", "{s}/translate", "platform/kafka",
                    "platform/delivery"]
     + POLICY + PROTOS),
    ("{s}/store", ["{s}/domain", "{s}/translate", "platform/listing",
                   "platform/postgres"]
     + POLICY + PROTOS),
    ("{s}/http", ["{s}/domain", "platform/access", "platform/http"]
     + POLICY + PROTOS),
    ("{s}/provider", ["{s}/domain", "platform/http"] + POLICY + PROTOS),
    ("{s}/peers", ["{s}/domain", "{s}/translate", "platform/http",
                   "platform/rpc"]
     + POLICY + PROTOS),
    ("{s}/launcher", ["{s}/domain", "platform/http", "platform/rpc"]
     + POLICY + PROTOS),
    ("scorer/execution", ["scorer/domain", "platform/sandbox",
                          "code_analysis"]),
    ("{s}/testing", ["{s}/domain", "platform/testing"] + PURE_POLICY),
    # main.cc and config: the only place that names concrete classes of rooms.
    ("{s}", ["platform"] + POLICY + PROTOS),
    ("cli", ["platform", "scorer/domain", "scorer/execution",
             "prompt_engine/domain", "prompt_engine/translate"]
     + POLICY + PROTOS),
    # Whole-system tests and benchmarks hold what they look at.
    ("tests", list(ROOTS) + PROTOS),
    ("bench", list(ROOTS) + PROTOS),
]

# Libraries of others, and the only rooms that may see them. What is not named
# here (std, absl, fmt, gtest ...) is open to all rooms but a domain.
LIBRARIES = [
    ("pqxx/", ["platform/postgres", "platform/delivery", "platform/testing",
               "{s}/store"]),
    ("libpq", ["platform/postgres"]),
    ("librdkafka/", ["platform/kafka", "platform/testing"]),
    ("boost/beast", ["platform/http"]),
    ("boost/asio", ["platform/http"]),
    ("curl/", ["platform/http"]),
    ("spdlog/", ["platform/telemetry"]),
    ("prometheus/", ["platform/telemetry"]),
    ("git2", ["code_analysis"]),
    ("seccomp.h", ["platform/sandbox"]),
    ("Python.h", ["platform/sandbox"]),
    ("tree_sitter/", ["code_analysis", "third_party/grammars"]),
    ("CLI/", ["cli"]),
    ("grpc", ["platform/rpc", "platform/runtime", "platform/testing",
              "platform/transcoding",
              "{s}/service", "{s}/peers", "{s}/launcher", "{s}/main", "cli"]),
]
# A domain sees the standard library, absl, fmt and its tests gtest.
DOMAIN_LIBRARIES = ("absl/", "fmt/", "gtest/", "gmock/")

LINE_LIMIT = 400
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')


def expand(name):
    return [name.format(s=service) for service in SERVICES] if "{s}" in name \
        else [name]


def under(path, room):
    """Whether `path` is the room, in it, or a file called like it."""
    return path == room or path.startswith((room + "/", room + ".", room + "_"))


def is_test(path):
    return path.endswith("test.cc") or "/testing/" in path


def row_of(path):
    """The table's row for a file: (room, what it may include)."""
    for pattern, allowed in TABLE:
        for service in SERVICES if "{s}" in pattern else ("",):
            room = pattern.format(s=service)
            if path == room or path.startswith((room + "/", room + ".")):
                return room, [entry.format(s=service) for entry in allowed]
    return None, []


def may_include(path, room, allowed, target):
    top = room.split("/")[0]
    entries = [room, "platform/base"] + allowed
    if is_test(path):
        # A test may build its subject out of everything of its own folder.
        entries += ["platform", top]
    elif target.startswith("platform/testing/") and top != "tests":
        return False
    if any(under(target, entry[1:]) for entry in entries if entry[0] == "!"):
        return False
    if top in SERVICES and room == top:
        entries.append(top)
    return any(target == entry or target.startswith((entry + "/", entry + "."))
               for entry in entries)


def check_library(path, room, target, quote):
    """The words of a finding on an include of another's library, or None."""
    if room.endswith("/domain"):
        if "/" not in target and quote == "<" and "." not in target:
            return None  # The standard library.
        if not target.startswith(DOMAIN_LIBRARIES):
            return (f"a domain sees std, absl and fmt only, not {target}")
    if is_test(path) or room in ("tests", "bench"):
        return None
    for prefix, rooms in LIBRARIES:
        if target.startswith(prefix):
            homes = [home for name in rooms for home in expand(name)]
            if not any(under(path, home) for home in homes):
                return f"{target} belongs to {', '.join(rooms)}"
    return None


def check_file(root, path):
    findings = []
    lines = (root / path).read_text(encoding="utf-8").splitlines()
    room, allowed = row_of(path)
    if room is None:
        findings.append((1, "no row of tools/check_layers.py covers this file"))
        return findings
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, target = match.groups()
        ours = target.split("/")[0] in ROOTS or target.startswith("evalloop/v1")
        if not ours:
            words = check_library(path, room, target, quote)
        elif may_include(path, room, allowed, target):
            words = None
        else:
            words = f"{room} may not include {target}"
        if words:
            findings.append((number, words))
    if len(lines) > LINE_LIMIT and not any(
            line.startswith("// Long file:") for line in lines[:30]):
        findings.append((LINE_LIMIT, f"{len(lines)} lines: split the file, or "
                         'say why not in a header line "// Long file: ..."'))
    if path.endswith(".h"):
        guard = "EVALLOOP_" + re.sub(r"[^A-Z0-9]", "_", path.upper()) + "_"
        if f"#ifndef {guard}" not in lines:
            findings.append((1, f"the include guard is not {guard}"))
    return findings


def source_files(root):
    for top in ROOTS:
        for path in sorted((root / top).rglob("*")):
            if path.suffix in (".h", ".cc") and "node_modules" not in path.parts:
                yield path.relative_to(root).as_posix()


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    failed = False
    count = 0
    for path in source_files(root):
        count += 1
        for number, words in check_file(root, path):
            print(f"{path}:{number}: {words}")
            failed = True
    if count == 0:
        print(f"{root}: no source files here")
        failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
