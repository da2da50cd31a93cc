#!/usr/bin/env python3
"""Holds every RPC and every route of the gateway against the table of roles.

    tools/check_access.py [--write] [ROOT]

Each method of protos/evalloop/v1/*.proto must have the option (access) with a
role, and docs/access.md must hold the table that follows from them and from the
routes of serving/http/gateway.cc; --write puts it there. Part of every build.
Exit code 1 when something is missing.
"""

import pathlib
import re
import sys

BEGIN, END = "<!-- table: tools/check_access.py --write -->", "<!-- end -->"
SERVICE = re.compile(r"^service (\w+) \{$(.*?)^\}$", re.M | re.S)
METHOD = re.compile(r"^  rpc (\w+)\(([^;{]*)([;{])(.*?)(?=^  rpc |\Z)",
                    re.M | re.S)
OPTION = re.compile(r"option \((?:evalloop\.v1\.)?access\) = \{([^}]*)\}")
ROUTE = re.compile(r'(?:\badd\(|router\.Add\(|router\.AddPrefix\()\s*'
                   r'(?:"(GET|POST)",\s*)?"(/[^"]*)",\s*(kEditor|access::Role::k\w+)?')


def field(option, name):
    found = re.search(rf'\b{name}: "?([\w.]+)"?', option)
    return found[1] if found else ""


def methods(root):
    """(service, method, role or None, prompt, audited) of each."""
    for path in sorted((root / "protos/evalloop/v1").glob("*.proto")):
        for service, body in SERVICE.findall(path.read_text()):
            for name, _, _, rest in METHOD.findall(body):
                option = OPTION.search(rest)
                said = option[1] if option else ""
                role = field(said, "role").removeprefix("ROLE_").lower()
                yield (service, name, role, field(said, "prompt"),
                       field(said, "audited") == "true")


def routes(root):
    """(verb, path, role or "") of the gateway's."""
    text = (root / "serving/http/gateway.cc").read_text()
    for verb, path, role in ROUTE.findall(text):
        role = role.removeprefix("access::Role::k").lower()
        yield verb or "POST", path, "feedback" if role == "keditor" else role


def table(root):
    lines, last = [], None
    for service, name, role, prompt, audited in methods(root):
        if service != last:
            lines += ["", f"### {service}", "",
                      "| method | role | scope by | audited |",
                      "|---|---|---|---|"]
            last = service
        lines.append(f"| {name} | {role} | {prompt} | "
                     f"{'yes' if audited else ''} |")
    lines += ["", "### The gateway's HTTP routes", "",
              "| route | role | scope by |", "|---|---|---|"]
    for verb, path, role in routes(root):
        scope = "model" if path.endswith("completions") else ""
        lines.append(f"| {verb} {path} | {role} | {scope} |")
    return "\n".join(lines) + "\n"


def main():
    arguments = [word for word in sys.argv[1:] if word != "--write"]
    root = pathlib.Path(arguments[0] if arguments else ".")
    bad = [f"{service}.{name} has no option (access)"
           for service, name, role, *_ in methods(root)
           if role in ("", "unspecified")]
    bad += [f"the gateway's {verb} {path} has no role"
            for verb, path, role in routes(root) if not role]
    page = root / "docs/access.md"
    text = page.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    wanted = f"{before}{BEGIN}\n{table(root)}\n{END}{after}"
    if "--write" in sys.argv:
        page.write_text(wanted)
    elif text != wanted:
        bad.append("docs/access.md is not the table: tools/check_access.py "
                   "--write")
    for words in bad:
        print(words)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
