"""Bodies of functions that a repository has tests of: mined, the tests checked
in the sandbox, answers executed by them; where the tests can't run there, the
item is scored like any other."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import stack as stacks
from model_double import ModelDouble

TEXT = "def clean(text):\n    return text.strip().upper()\n"

HEAD = '"""Sizes of things."""\nimport re\n\nfrom .text import clean\n'

RIGHT = '''\
    number, unit = re.match(r"(\\d+)([KM]?)$", clean(size)).groups()
    return int(number) * {"": 1, "K": 1 << 10, "M": 1 << 20}[unit]
'''

BYTES_OF = '''

def bytes_of(size):
    """How many bytes a size like 4K is."""
''' + RIGHT

MIDDLE_OF = '''

def middle_of(sizes):
    """The middle one of some sizes, the smaller of two."""
    ordered = sorted(sizes, key=bytes_of)
    return ordered[(len(ordered) - 1) // 2]
'''

# Its tests need a file that no sandbox has.
SIZE_IN = '''

def size_in(path):
    """The size that a file says, in bytes."""
    with open(path) as file:
        words = file.read().split()
    return bytes_of(words[0])
'''

TESTS = '''\
import unittest

import pytest

from app import sizes


@pytest.mark.parametrize("size, wanted", [("4k ", 4096), ("7", 7)])
def test_bytes_of(size, wanted):
    assert sizes.bytes_of(size) == wanted


def test_bytes_of_nothing():
    with pytest.raises(AttributeError):
        sizes.bytes_of("")


class MiddleTest(unittest.TestCase):
    def test_middle_of(self):
        self.assertEqual(sizes.middle_of(["1M", "2", "3K"]), "3K")
        self.assertEqual(sizes.middle_of(["2", "1"]), "1")


def test_size_in():
    assert sizes.size_in("tests/size.txt") == 4096
'''


def make_repository(folder):
    """Each function comes in a commit of its own."""
    def write(path, text):
        path = folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def git(*arguments, author="Ada", day=1):
        who = {"GIT_AUTHOR_NAME": author, "GIT_COMMITTER_NAME": author,
               "GIT_AUTHOR_EMAIL": author + "@x", "GIT_COMMITTER_EMAIL": "c@x",
               "GIT_AUTHOR_DATE": f"2024-01-0{day} 09:00:00 +0000",
               "GIT_COMMITTER_DATE": f"2024-01-0{day} 09:00:00 +0000",
               "GIT_CONFIG_GLOBAL": "/dev/null", "PATH": "/usr/bin:/bin"}
        subprocess.run(["git", "-C", folder, *arguments], check=True, env=who)

    folder.mkdir()
    git("init", "-q", "-b", "main")
    write("src/app/__init__.py", "from .sizes import bytes_of\n")
    write("src/app/text.py", TEXT)
    write("src/app/sizes.py", HEAD)
    write("tests/size.txt", "4K\n")
    write("tests/test_sizes.py", TESTS)
    module = HEAD
    for day, function in enumerate(["", BYTES_OF, MIDDLE_OF, SIZE_IN], 1):
        module += function
        write("src/app/sizes.py", module)
        git("add", "-A", day=day)
        git("commit", "-q", "-m", f"Day {day}", day=day,
            author=("Ada", "Grace")[day % 2])


def answer(asked):
    """Right where bytes are asked for, wrong for the rest."""
    head = asked["prompt"].rstrip().split("\n")[-2:]
    if any("def bytes_of" in line for line in head):
        return RIGHT.lstrip() + "\n"
    return "return None\n"


class ExecutableTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="evalloop-tests."))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.repository = cls.folder / "sizes"
        make_repository(cls.repository)
        cls.asked = []
        cls.model = ModelDouble(cls.answer)
        cls.addClassCleanup(cls.model.close)
        cls.stack = stacks.Stack()
        cls.ok, cls.told = cls.stack.ok, cls.stack.told
        cls.addClassCleanup(cls.stack.close)
        cls.stack.up()
        cls.ok("model", "add", "scripted", "--url", cls.model.url, "--model",
               "scripted", "--snapshot", "one")
        revision = cls.folder / "revision.json"
        revision.write_text(json.dumps({
            "template": {"form": "FORM_PREFIX_SUFFIX"},
            "model": {"name": "scripted", "snapshot": "one"},
            "sampling": {"temperature": 0, "max_tokens": 200},
            "output": {"extent": "EXTENT_BLOCK", "always": {}}}))
        cls.ok("prompt", "push", "solve", "--file", str(revision))
        cls.ok("commits", "ingest", "--repo", str(cls.repository))
        cls.built = cls.told("benchmark", "build", "bodies", "--repo",
                             str(cls.repository), "--classes", "body")
        deadline = time.monotonic() + 120
        while cls.shown()["checked"] < cls.shown()["tested"]:
            if time.monotonic() > deadline:
                raise AssertionError("not checked" + cls.stack.complaints())
            time.sleep(0.2)
        items = cls.told("benchmark", "items", "bodies")["items"]
        cls.items = {item["symbol"]: item for item in items}
        cls.run_id = cls.told("run", "start", "--prompt", "solve@1",
                              "--benchmark", "bodies", "--watch")["run_id"]

    @classmethod
    def answer(cls, asked):
        cls.asked.append(json.dumps(asked))
        return answer(asked)

    @classmethod
    def shown(cls):
        return cls.told("benchmark", "show", "bodies")

    def test_the_manifest_counts_them_by_their_tag(self):
        shown = self.shown()
        self.assertEqual(shown["items"], 3)
        self.assertEqual(shown["tested"], 3)
        mix = {(one["dimension"], one["name"]): one["items"]
               for one in shown["mix"]}
        self.assertEqual(mix["tag", "executable"], 3)
        # The same again is the same version, whatever the tests came to.
        again = self.told("benchmark", "build", "bodies", "--repo",
                          str(self.repository), "--classes", "body")
        self.assertEqual(again["version"], self.built["version"])

    def test_tests_that_hold_have_seen_mistakes_and_others_say_why_not(self):
        for symbol in ("bytes_of", "middle_of"):
            oracle = self.items[symbol]["oracle"]
            self.assertEqual(oracle["reason"], "", symbol)
            self.assertGreater(oracle["mutation_score"], 0.4, symbol)
        self.assertEqual(self.items["size_in"]["oracle"]["reason"],
                         "solution_fails")
        # That is the tests' fault, and not the item's.
        self.assertEqual(self.shown()["quarantined"], 0)
        self.assertFalse(self.items["size_in"]["quarantined"])
        self.assertIn("solution_fails", self.ok(
            "benchmark", "show", self.items["size_in"]["item_id"]))

    def test_answers_are_executed_and_what_can_not_be_is_like_others(self):
        rows = {(symbol, metric): (value, reason) for symbol, metric, value,
                reason in self.stack.sql(f"""
            SELECT i.symbol, m.metric, m.value, m.reason
            FROM evaluator.row_metrics m JOIN evaluator.items i USING (item_id)
            WHERE m.run_id = '{self.run_id}'""")}
        self.assertEqual(rows["bytes_of", "pass_at_1"], ("1", ""))
        self.assertEqual(rows["middle_of", "pass_at_1"], ("0", ""))
        self.assertEqual(rows["size_in", "pass_at_1"], ("", "no_tests"))
        self.assertNotEqual(rows["size_in", "chrf"][0], "")
        self.assertEqual(self.stack.sql(
            "SELECT count(*), count(composite) FROM evaluator.run_rows WHERE "
            f"run_id = '{self.run_id}'"), [["3", "3"]])

    def test_no_model_sees_a_test(self):
        asked = "".join(self.asked)
        self.assertIn("def bytes_of", asked)
        self.assertNotIn("test_", asked)
        self.assertNotIn("parametrize", asked)


if __name__ == "__main__":
    unittest.main(verbosity=2)
