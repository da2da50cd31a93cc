#!/usr/bin/env python3
"""Checks every JSON Schema of the tree, and its own examples against it.

    tools/check_schemas.py [ROOT]

Needs python3-jsonschema. Exit code 1 when a schema or an example is wrong.
"""

import json
import pathlib
import sys

import jsonschema

PATTERNS = ("docs/formats/*.schema.json", "deploy/*.schema.json",
            "helm/*/values.schema.json")


def check(path):
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
        validator = jsonschema.validators.validator_for(
            schema, default=jsonschema.Draft202012Validator)
        validator.check_schema(schema)
    except (ValueError, jsonschema.SchemaError) as error:
        yield str(error).splitlines()[0]
        return
    for number, example in enumerate(schema.get("examples", [])):
        for error in validator(schema).iter_errors(example):
            where = "/".join(map(str, error.absolute_path))
            yield f"example {number} at /{where}: {error.message}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    failed = False
    for pattern in PATTERNS:
        for path in sorted(root.glob(pattern)):
            for words in check(path):
                print(f"{path.relative_to(root)}: {words}")
                failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
