"""The loop turns on a small repository, with every service, real PostgreSQL and
real Kafka; afterwards one live completion is followed by its id with the very
commands of docs/following-a-completion.md."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import small_repository
import stack as stacks
import turn

LINES = 300
DOCUMENT = stacks.ROOT / "docs/following-a-completion.md"


class LoopTest(turn.TurnChecks, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="evalloop-small."))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        small_repository.make_small_repository(cls.folder / "small")
        cls.stack = stacks.Stack()
        cls.addClassCleanup(cls.stack.close)
        cls.stack.up()
        cls.turn = turn.Turn(cls.stack, cls.folder / "small", LINES,
                             cls.folder / "report.json")
        cls.code, cls.out = cls.turn.wait()
        print("\n".join(cls.turn.said), cls.out, sep="\n", flush=True)
        if cls.code != 0:
            raise AssertionError(
                f"exit code {cls.code}" + cls.stack.complaints())
        cls.report = json.loads((cls.folder / "report.json").read_text())

    def test_every_answered_completion_settled(self):
        self.assertEqual(self.await_rest(), [])
        self.assert_none("without an outcome", """
            SELECT completion_id FROM serving.completions
            WHERE session NOT IN ('probe', '') EXCEPT
            SELECT completion_id FROM prompt_engine.outcome""")

    def test_the_benchmark_knows_what_authors_agree_on(self):
        self.assertGreater(self.report["benchmark"]["agreed"], 0)
        self.assert_none("agreed but no variant of two authors", """
            SELECT item_id FROM evaluator.items
            WHERE agreed <> committed AND cardinality(variant_texts) < 2""")

    def test_the_history_was_read_whole(self):
        self.assertEqual(
            self.stack.number("SELECT count(*) FROM prompt_engine.git_commit"),
            int(subprocess.run(
                ["git", "-C", self.folder / "small", "rev-list", "--count",
                 "--first-parent", "main"], check=True, capture_output=True,
                text=True).stdout))
        for path in ("assets/logo.png", "warehouse/huge.py",
                     "warehouse/tables_pb2.py"):
            self.assert_none("learnt from " + path, "SELECT line FROM "
                             f"prompt_engine.changed_line WHERE path='{path}'")

    def test_one_completion_is_followed_as_the_document_says(self):
        steps = document_steps(DOCUMENT.read_text())
        script = ["set -euo pipefail", "cd /", self.preamble()]
        for number, commands in enumerate(steps):
            script += [f"echo '=== {number}'", commands]
        done = subprocess.run(
            ["bash", "-c", "\n".join(script)], env=self.stack.settings(),
            capture_output=True, text=True, check=False, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        said = re.split(r"=== \d+\n", done.stdout)[1:]
        answer, feedback, events, rows, shown = said
        completion = re.search(r"cmpl-[A-Za-z0-9_.-]+", answer)[0]
        self.assertIn("x-evalloop-revision", answer.lower())
        self.assertNotEqual(feedback.strip(), "")
        for event in ("completion.served", "completion.feedback",
                      "completion.settled"):
            self.assertRegex(events, rf"(?m){event}\.v1.*{completion}")
        for table in ("serving.completions", "serving.feedback",
                      "prompt_engine.outcome", "scorer.score"):
            self.assertRegex(rows, rf"(?m)^{table}\|1$")
        self.assertIn(completion, shown)
        self.assertRegex(shown, r"(?m)^exact_match +[01]\.\d+$")
        self.assertRegex(shown, r"(?m)^accepted ")

    def preamble(self):
        """What the document's first lines set, for this stack."""
        settings = self.stack.settings()
        values = {"GATEWAY": settings["EVALLOOP_GATEWAY_URL"],
                  "TOPICS": self.stack.prefix}
        lines = [f"{name}='{value}'" for name, value in values.items()]
        return "\n".join(lines)


def document_steps(text):
    """The document's blocks of commands but the first, which sets names for
    the usual stack; with this build's `evalloop`."""
    blocks = re.findall(r"```bash\n(.*?)```", text, re.DOTALL)[1:]
    return [re.sub(r"(?m)^\./dev cli", str(stacks.BIN / "evalloop"), block)
            for block in blocks]


if __name__ == "__main__":
    os.umask(0o022)
    unittest.main(verbosity=2)
