"""What processes read, what deploy/config.schema.json says and what
tools/check_config.py finds out are one."""

import json
import pathlib
import shutil
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_config  # noqa: E402
import check_schemas  # noqa: E402


class ConfigTest(unittest.TestCase):
    def test_code_and_schema_agree(self):
        self.assertEqual(list(check_config.differences(ROOT)), [])

    def test_a_difference_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "deploy").mkdir()
            shutil.copy(ROOT / "deploy/config.schema.json", root / "deploy")
            (root / "scorer").mkdir()
            (root / "scorer/config.cc").write_text(
                'env.Int("EVALLOOP_PLANTED", 1, 0, 2);\n')
            found = list(check_config.differences(root))
        self.assertIn(
            "EVALLOOP_PLANTED: read by scorer, not in the schema", found)
        self.assertIn(
            "EVALLOOP_KAFKA_BROKERS: in the schema, read by nobody", found)

    def test_every_schema_is_one_and_its_examples_keep_it(self):
        for pattern in check_schemas.PATTERNS:
            for path in ROOT.glob(pattern):
                self.assertEqual(list(check_schemas.check(path)), [], path)

    def test_an_example_that_breaks_its_schema_is_found(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump({"type": "object", "required": ["a"], "examples": [{}]},
                      file)
            file.flush()
            found = list(check_schemas.check(pathlib.Path(file.name)))
        self.assertEqual(found, ["example 0 at /: 'a' is a required property"])


if __name__ == "__main__":
    unittest.main()
