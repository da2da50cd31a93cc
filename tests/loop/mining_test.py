"""Mining with the whole stack, real PostgreSQL and kill -9: a reading that was
killed goes on to the same items, byte for byte; and what a later commit wrote is
seen by no item, no index and no prompt of a benchmark."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import urllib.request

import small_repository
import stack as stacks
from model_double import ModelDouble

COMMITS = 900  # A transaction holds 400 at most.
FILES = 12
# The benchmark's commits: after the first, up to the second; then the future.
FIRST, LAST = 800, 840
PAST, FUTURE = "known_yesterday", "planted_tomorrow"
EVERY_KIND = {
    "classes": ["line", "tail", "statement", "block", "body"],
    "tasks": ["completion", "generation", "review", "search"]}


def function(number):
    """What commit `number` adds; those of one file are much alike."""
    name = FUTURE if number > LAST else PAST
    return (f"\n\ndef read_{number}(path, limit):\n"
            f'    """Reads number {number} of a file."""\n'
            "    with open(path) as file:\n"
            "        text = file.read(limit)\n"
            f"    return {name}(text, {number})\n")


def make_repository(path):
    """Its commits, oldest first."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(path)], check=True)
    importer = small_repository.Importer(path)
    texts = {f"file_{place}.py": "import os\n" for place in range(FILES)}
    for number in range(COMMITS):
        name = f"file_{number % FILES}.py"
        texts[name] += function(number)
        files = texts if number == 0 else {name: texts[name]}
        importer.commit(f"Fix the crash number {number}",
                        small_repository.AUTHORS[number % 3],
                        {path: text.encode() for path, text in files.items()})
    importer.close()
    log = subprocess.run(
        ["git", "-C", str(path), "rev-list", "--reverse", "main"], check=True,
        capture_output=True, text=True).stdout
    return log.split()


class MiningTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="evalloop-mining."))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.repository = str(cls.folder / "many")
        cls.shas = make_repository(cls.repository)
        cls.stack = stacks.Stack()
        cls.ok = cls.stack.ok
        cls.addClassCleanup(cls.stack.close)
        cls.stack.up()
        cls.kills = cls.ingest_with_kills()

    @classmethod
    def post(cls, path, content):
        port = cls.stack.ports["prompt_engine", "json"]
        return urllib.request.urlopen(urllib.request.Request(
            f"http://127.0.0.1:{port}{path}", json.dumps(content).encode(),
            {"Content-Type": "application/json"}), timeout=120)

    @classmethod
    def ingest(cls):
        """Its progress, line by line."""
        with cls.post("/v1/repositories:ingest",
                      {"repository": cls.repository}) as answer:
            for line in answer:
                yield json.loads(line)

    @classmethod
    def ingest_with_kills(cls):
        """Kills the service after each transaction that it tells of; how many
        commits were stored each time."""
        stored = []
        while True:
            done = next(cls.ingest())
            if done.get("done"):
                return stored
            cls.stack.kill("prompt_engine")
            stored.append(cls.stack.number(
                "SELECT count(*) FROM prompt_engine.git_commit"))
            cls.stack.up()

    @classmethod
    def mine(cls, **request):
        with cls.post("/v1/items:mine", {"repository": cls.repository,
                                         **EVERY_KIND, **request}) as answer:
            return answer.read()

    def test_killed_or_twice_the_items_are_the_same(self):
        self.assertGreaterEqual(len(self.kills), 2, self.kills)
        for before, after in zip(self.kills, self.kills[1:]):
            self.assertLess(before, after)
        killed = self.mine()
        self.assertGreater(killed.count(b"\n"), COMMITS)
        self.assertTrue(list(self.ingest())[-1]["done"])
        self.assertEqual(self.mine(), killed)
        # And as a reading in one go, under the same pseudonyms.
        for table in ("git_commit", "file_state"):
            self.stack.sql(f"DELETE FROM prompt_engine.{table}")
        progress = list(self.ingest())
        self.assertTrue(progress[-1]["done"])
        self.assertEqual(progress[-1]["commits_done"], COMMITS)
        self.assertEqual(self.mine(), killed)

    def test_no_item_sees_the_future(self):
        request = {"after_commit": self.shas[FIRST],
                   "until_commit": self.shas[LAST]}
        items = self.mine(**request)
        self.assertIn(PAST.encode(), items)
        self.assertNotIn(FUTURE.encode(), items)
        self.assertIn(FUTURE.encode(), self.mine())

    def test_no_prompt_sees_the_future(self):
        prompts = []

        def answer(asked):
            prompts.append(asked["prompt"])
            return "pass"

        model = ModelDouble(answer)
        self.addCleanup(model.close)
        self.ok("benchmark", "build", "future", "--repo", self.repository,
                "--after", self.shas[FIRST], "--until", self.shas[LAST],
                "--max-items", "60")
        self.ok("model", "add", "scripted", "--url", model.url, "--model",
                "scripted", "--snapshot", "one")
        revision = self.folder / "revision.json"
        revision.write_text(json.dumps({
            "template": {"form": "FORM_PREFIX_SUFFIX"},
            "model": {"name": "scripted", "snapshot": "one"},
            "sampling": {"max_tokens": 32, "temperature": 0},
            "output": {"extent": "EXTENT_BLOCK", "always": {}}}))
        self.ok("prompt", "push", "future", "--file", str(revision))
        run = json.loads(self.ok("--json", "run", "start", "--prompt",
                                 "future@1", "--benchmark", "future",
                                 "--watch").splitlines()[-1])
        self.assertEqual(run["state"], "STATE_FINISHED", run)
        self.assertGreaterEqual(len(prompts), 60)
        said = "\n".join(prompts)
        self.assertIn(PAST, said)
        self.assertNotIn(FUTURE, said)

    def test_no_index_sees_the_future(self):
        """The embedded model follows the newest commit; a run asks for the
        commit before the benchmark's first one."""
        trained = json.loads(subprocess.run(
            [stacks.BIN / "model_server", "--train", "--repo", self.repository,
             "--out", self.stack.home / "artefacts", "--commit",
             self.shas[FIRST - 100], "--fit-commits", "20"],
            check=True, capture_output=True, text=True, timeout=120).stdout)
        self.ask_model("/v1/index", {
            "model": trained["digest"], "repository": self.repository,
            "commit": self.shas[-1]})
        begun = function(0).partition("return ")[0]
        for commit, start, expected in (
                (self.shas[-1], FUTURE, True), (self.shas[FIRST], FUTURE, False),
                (self.shas[FIRST], PAST, True)):
            head, tail = start[:7], start[7:]
            answer = self.ask_model("/v1/completions", {
                "model": trained["digest"], "prompt": f"{begun}return {head}",
                "index_commit": commit, "n": 8, "best_of": 8,
                "metadata": {"path": "file_0.py", "language": "python"}})
            self.assertEqual(answer["index_commit"], commit)
            texts = [choice["text"] for choice in answer["choices"]]
            self.assertEqual(any(tail in text for text in texts), expected,
                             (commit, start, texts))

    def ask_model(self, path, content):
        request = urllib.request.Request(
            self.stack.url("model_server") + path, json.dumps(content).encode(),
            {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)


if __name__ == "__main__":
    os.umask(0o022)
    unittest.main(verbosity=2)
