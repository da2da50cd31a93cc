"""In the middle of one run everybody who works on it is killed without warning,
one after the other, and started again: the run ends with each row scored
exactly once, and a gate over it is decided."""

import json
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import threading
import time
import unittest

import stack as stacks
import sums
from model_double import ModelDouble

TASKS = 100
SAMPLES = 6
ROWS = TASKS * SAMPLES
SEED = int(os.environ.get("EVALLOOP_KILL_SEED", "11"))
VICTIMS = ["evaluator", "scorer", "serving", "postgres", "kafka"]
LONGEST_SECONDS = 300


def answer(asked):
    """Every task's solution, in the time that a hosted model takes."""
    threading.Event().wait(0.05)
    return sums.solution(sums.number_of(asked["prompt"]))


class RunKillTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="evalloop-kills."))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.model = ModelDouble(answer)
        cls.addClassCleanup(cls.model.close)
        cls.stack = stacks.Stack(own_engines=True)
        cls.ok = cls.stack.ok
        cls.addClassCleanup(cls.stack.close)
        cls.stack.up()
        problems = cls.folder / "Sums.jsonl"
        problems.write_text("".join(json.dumps(sums.task(number)) + "\n"
                                    for number in range(TASKS)))
        cls.ok("model", "add", "scripted", "--url", cls.model.url, "--model",
               "scripted", "--snapshot", "one")
        for tokens in (64, 65):
            revision = cls.folder / "revision.json"
            revision.write_text(json.dumps({
                "template": {"form": "FORM_PREFIX_SUFFIX"},
                "model": {"name": "scripted", "snapshot": "one"},
                "sampling": {"max_tokens": tokens, "temperature": 0},
                "output": {"extent": "EXTENT_BLOCK", "always": {}}}))
            cls.ok("prompt", "push", "solve", "--file", str(revision))
        cls.ok("benchmark", "import", str(problems))
        run = json.loads(cls.ok(
            "--json", "run", "start", "--prompt", "solve@1", "--benchmark",
            "Sums", "--samples", str(SAMPLES)))
        cls.run_id = run["run_id"]
        cls.kill_all()
        cls.ended = cls.await_rows(ROWS)

    @classmethod
    def kill_all(cls):
        """Each victim at its share of the rows; cls.late: who came too late."""
        cls.late = []
        order = random.Random(SEED).sample(VICTIMS, len(VICTIMS))
        for place, victim in enumerate(order, 1):
            cls.await_rows(place * ROWS // (len(order) + 2))
            if cls.scored() >= ROWS:
                cls.late.append(victim)
            cls.stack.kill(victim)
            cls.stack.up()

    @classmethod
    def scored(cls):
        return cls.stack.number(
            "SELECT count(*) FROM evaluator.run_rows WHERE state = 'scored' "
            f"AND run_id = '{cls.run_id}'")

    @classmethod
    def await_rows(cls, rows):
        """Until so many rows are scored; how many are."""
        deadline = time.monotonic() + LONGEST_SECONDS
        while True:
            try:
                scored = cls.scored()
            except subprocess.CalledProcessError:
                scored = -1  # PostgreSQL is on its way back.
            if scored >= rows or time.monotonic() > deadline:
                return scored
            threading.Event().wait(0.05)

    def test_everybody_was_killed_while_the_run_went_on(self):
        self.assertEqual(self.late, [])

    def test_the_run_ends_with_each_row_scored_exactly_once(self):
        self.assertEqual(self.ended, ROWS, self.stack.complaints())
        run = json.loads(self.ok("--json", "run", "watch", self.run_id))
        self.assertEqual(run["state"], "STATE_FINISHED")
        self.assertEqual((run["rows"], run["scored"], run["failed"]),
                         (ROWS, ROWS, 0))
        self.assertEqual(self.stack.sql(f"""
            SELECT item_id, sample, s.scores FROM evaluator.run_rows r
            LEFT JOIN (SELECT subject, count(*) AS scores FROM scorer.score
                       GROUP BY 1) s
              ON s.subject = format('runs/%s/items/%s/samples/%s',
                                    r.run_id, r.item_id, r.sample)
            WHERE r.run_id = '{self.run_id}'
              AND s.scores IS DISTINCT FROM 1"""), [])
        self.assertEqual(self.stack.number(
            "SELECT count(*) FROM scorer.score WHERE subject LIKE "
            f"'runs/{self.run_id}/%'"), ROWS)
        passed = {one["metric"]: one for one in run["metrics"]}["pass_at_1"]
        self.assertEqual(passed["mean"]["value"], 1)

    def test_nothing_is_left_over_and_nothing_is_poison(self):
        deadline = time.monotonic() + 60
        owners = ("evaluator", "serving", "scorer")
        while time.monotonic() < deadline and any(
                self.stack.number(f"SELECT count(*) FROM {owner}.outbox")
                for owner in owners):
            threading.Event().wait(0.1)
        for owner in owners:
            self.assertEqual(
                self.stack.number(f"SELECT count(*) FROM {owner}.outbox"), 0)
            self.assertEqual(self.stack.sql(
                f"SELECT consumer, topic, reason FROM {owner}.poison"), [])

    def test_a_gate_takes_the_run_as_its_baseline(self):
        code, out, err = self.stack.cli(
            "--json", "gate", "--prompt", "solve@2", "--benchmark", "Sums",
            "--samples", str(SAMPLES), "--baseline", self.run_id, timeout=200)
        self.assertEqual(code, 0, out + err)


if __name__ == "__main__":
    os.umask(0o022)
    unittest.main(verbosity=2)
