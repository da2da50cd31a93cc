"""In the middle of one run everybody who works on it is killed without warning,
one after the other, and started again: the run ends with each row scored
exactly once, and a gate over it is decided."""

import http.server
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

TASKS = 100
SAMPLES = 6
ROWS = TASKS * SAMPLES
SEED = int(os.environ.get("EVALLOOP_KILL_SEED", "11"))
VICTIMS = ["evaluator", "scorer", "serving", "postgres", "kafka"]
LONGEST_SECONDS = 300


def task(number):
    return {
        "task_id": f"Sum/{number}",
        "prompt": f'def add_{number}(x):\n    """Return x plus {number}."""\n',
        "canonical_solution": f"    return x + {number}\n",
        "entry_point": f"add_{number}",
        "test": f"def check(candidate):\n"
                f"    assert candidate(1) == {1 + number}\n"}


class Model(http.server.BaseHTTPRequestHandler):
    """Answers every task rightly, in the time that a hosted model takes."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        number = asked["prompt"].rpartition("def add_")[2].partition("(")[0]
        threading.Event().wait(0.05)
        body = json.dumps({
            "id": "1", "object": "text_completion", "created": 1,
            "model": "scripted", "choices": [{
                "index": 0, "text": f"    return x + {number}\n",
                "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 10, "completion_tokens": 5,
                      "total_tokens": 15}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class RunKillTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="evalloop-kills."))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.model = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
        cls.model.daemon_threads = True
        threading.Thread(target=cls.model.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.model.shutdown)
        cls.stack = stacks.Stack(own_engines=True)
        cls.addClassCleanup(cls.stack.close)
        cls.stack.up()
        problems = cls.folder / "Sums.jsonl"
        problems.write_text("".join(json.dumps(task(number)) + "\n"
                                    for number in range(TASKS)))
        cls.ok("model", "add", "scripted", "--url",
               f"http://127.0.0.1:{cls.model.server_port}/v1", "--model",
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
    def ok(cls, *arguments, timeout=120):
        code, out, err = cls.stack.cli(*arguments, timeout=timeout)
        if code != 0:
            raise AssertionError(f"{arguments}: {code} {out}{err}"
                                 + cls.stack.complaints())
        return out

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
