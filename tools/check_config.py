#!/usr/bin/env python3
"""Keeps the services' code and deploy/config.schema.json in step.

    tools/check_config.py [ROOT]

Every variable that a main or config reads through base::EnvReader stands in the
schema, with the process that reads it under x-services; every variable of the
schema is read by some process. Exit code 1 when they differ.
"""

import json
import pathlib
import re
import sys

# A getter of platform/base/env.h; SetPort-like helpers pass the name on, so any
# literal counts.
READ = re.compile(r'"(EVALLOOP_[A-Z0-9_]+)"')
SECRET = re.compile(r'\bSecret\(\s*"(EVALLOOP_[A-Z0-9_]+)"')
SERVICES = ("prompt_engine", "evaluator", "scorer", "serving", "trainer_bridge")
PROCESSES = SERVICES + ("model_server", "cli")


def sources(folder):
    for path in sorted(folder.rglob("*.cc")) + sorted(folder.rglob("*.h")):
        if not path.name.endswith("test.cc") and "testing" not in path.parts:
            yield path.read_text(encoding="utf-8")


def read_by(root):
    """variable -> processes that read it; and the secret ones."""
    readers, secrets = {}, set()
    places = [(process, (process,)) for process in PROCESSES]
    # What every service's main shares.
    places.append(("platform/runtime", SERVICES))
    for folder, processes in places:
        for text in sources(root / folder):
            for name in READ.findall(text):
                readers.setdefault(name, set()).update(processes)
            secrets.update(SECRET.findall(text))
    return readers, secrets


def differences(root):
    properties = json.loads(
        (root / "deploy/config.schema.json").read_text())["properties"]
    readers, secrets = read_by(root)
    for name, processes in sorted(readers.items()):
        if name not in properties:
            yield f"{name}: read by {', '.join(sorted(processes))}, not in the schema"
            continue
        said = set(properties[name]["x-services"])
        for process in sorted(processes - said):
            yield f"{name}: read by {process}, which x-services does not say"
        for process in sorted(said - processes):
            yield f"{name}: x-services says {process}, which does not read it"
        if (name in secrets) != bool(properties[name].get("x-secret")):
            yield f"{name}: x-secret in the schema and EnvReader::Secret differ"
    for name in sorted(set(properties) - set(readers)):
        yield f"{name}: in the schema, read by nobody"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    found = list(differences(root))
    for words in found:
        print(words)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
