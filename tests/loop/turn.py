"""One turn of the loop, `evalloop loop run`, and what must be true after it."""

import json
import os
import re
import subprocess
import threading
import time

import jsonschema

import stack as stacks

FORMATS = stacks.ROOT / "docs/formats"
# How long a turn may take. Sanitized programs run several times slower:
# ./dev says how patient to be.
LONGEST_TURN_SECONDS = 240 * int(os.environ.get("EVALLOOP_TEST_PATIENCE", "1"))
# service.topic that some consumer of ours must have followed to its end.
FOLLOWED = (
    ("serving", "completion.served.v1"), ("serving", "completion.feedback.v1"),
    ("serving", "run.task.v1"), ("scorer", "run.answered.v1"),
    ("scorer", "completion.settled.v1"),
    ("prompt_engine", "completion.served.v1"),
    ("prompt_engine", "completion.settled.v1"),
    ("scorer", "outcome.known.v1"), ("prompt_engine", "score.recorded.v1"),
    ("evaluator", "score.recorded.v1"),
)


class Turn:
    """Runs it in the background; wait() gives what became of it."""

    def __init__(self, stack, repository, lines, report):
        self.report = report
        self.said = []  # Lines of stderr.
        self._step = 0
        self._ended = False
        self._moved = threading.Condition()
        self._begin = time.monotonic()
        self._process = subprocess.Popen(
            [stacks.BIN / "evalloop", "loop", "run", "--repo", str(repository),
             "--lines", str(lines), "--report", str(report)],
            env=stack.settings(), text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        self._out = []
        self._threads = [
            threading.Thread(target=self._read_stderr),
            threading.Thread(target=lambda: self._out.append(
                self._process.stdout.read()))]
        for thread in self._threads:
            thread.start()

    def _read_stderr(self):
        for line in self._process.stderr:
            self.note(line.rstrip())
            found = re.match(r"step (\d)/", line)
            with self._moved:
                if found:
                    self._step = max(self._step, int(found[1]))
                self._moved.notify_all()
        with self._moved:
            self._ended = True
            self._moved.notify_all()

    def note(self, words):
        self.said.append(f"{time.monotonic() - self._begin:6.1f} {words}")

    def reaches(self, step, then_seconds):
        """Waits for a moment `then_seconds` after the step began, or for the
        step's end; false where the turn has ended."""
        with self._moved:
            self._moved.wait_for(
                lambda: self._ended or self._step >= step,
                timeout=LONGEST_TURN_SECONDS)
            self._moved.wait_for(
                lambda: self._ended or self._step > step, timeout=then_seconds)
            return not self._ended

    def wait(self):
        """(exit code, stdout)"""
        try:
            self._process.wait(LONGEST_TURN_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self.note(f"killed after {LONGEST_TURN_SECONDS} s")
        for thread in self._threads:
            thread.join()
        return self._process.returncode, self._out[0]


class TurnChecks:
    """A mixin for tests: what every turn must leave, kills or not. Expects
    self.stack, self.turn, self.code and self.report."""

    def assert_none(self, words, query):
        rows = self.stack.sql(query)
        self.assertEqual(rows[:5], [], f"{words}: {len(rows)}")

    def await_rest(self, seconds=60):
        """Until nothing is on its way: outboxes empty, every consumer at the
        end of its topics. Returns what was still on its way."""
        deadline = time.monotonic() + seconds
        while True:
            busy = self.on_the_way()
            if not busy or time.monotonic() > deadline:
                return busy
            time.sleep(0.3)

    def on_the_way(self):
        found = []
        for service in stacks.OWNERS:
            rows = self.stack.number(f"SELECT count(*) FROM {service}.outbox")
            if rows:
                found.append(f"{service}.outbox: {rows} rows")
        for service, topic in FOLLOWED:
            name = f"{self.stack.prefix}.{topic}"
            rows = self.stack.sql(
                "SELECT partition, coalesce(next_offset, 0) FROM "
                f"{service}.consumer_offset WHERE topic = '{name}'")
            there = {int(row[0]): int(row[1]) for row in rows}
            for partition, end in self.stack.ends(topic).items():
                lag = end - there.get(partition, 0)
                if lag:
                    found.append(f"{service} follows {topic}/{partition} "
                                 f"with a lag of {lag}")
        return found

    def test_the_turn_passed(self):
        self.assertEqual(self.code, 0)

    def test_the_report_has_its_format(self):
        schema = json.loads((FORMATS / "run-report.schema.json").read_text())
        checker = jsonschema.Draft202012Validator(schema)
        problems = [error.message for error in
                    checker.iter_errors(self.report)]
        self.assertEqual(problems, [])

    def test_all_three_typed_the_same_lines(self):
        lines = {name: (self.report[name] or {}).get("lines") for name in
                 ("before", "threshold_only", "after")}
        self.assertEqual(len(set(lines.values())), 1, lines)
        self.assertGreater(lines["before"], 0)

    def test_every_decision_has_verdict_and_reason(self):
        self.assertGreater(len(self.report["changes"]), 0)
        for change in self.report["changes"]:
            self.assertIn(change["verdict"],
                          ("passed", "regressed", "inconclusive"), change)
            self.assertNotEqual(change["reason"].strip(), "", change)
        self.assertEqual(
            self.stack.number("SELECT count(*) FROM evaluator.decisions"),
            len(self.report["changes"]))
        self.assert_none("no verdict or reason", """
            SELECT decision_id FROM evaluator.decisions
            WHERE reason = '' OR verdict NOT IN
              ('passed', 'regressed', 'inconclusive')""")

    def test_nothing_is_on_its_way_and_nothing_is_poison(self):
        self.assertEqual(self.await_rest(), [])
        for service in stacks.OWNERS:
            self.assert_none(f"poison of {service}", "SELECT consumer, topic, "
                             f"reason FROM {service}.poison")

    def test_every_run_finished_with_every_row_scored_once(self):
        runs = self.stack.sql("""
            SELECT r.run_id, r.state, r.rows, count(w.*),
                   count(*) FILTER (WHERE w.state = 'scored'),
                   count(DISTINCT (w.item_id, w.sample))
            FROM evaluator.runs r LEFT JOIN evaluator.run_rows w USING (run_id)
            GROUP BY 1, 2, 3""")
        self.assertGreater(len(runs), 1)
        for run, state, *numbers in runs:
            self.assertEqual(state, "finished", run)
            self.assertGreater(int(numbers[0]), 0, run)
            self.assertEqual(len(set(numbers)), 1,
                             f"{run}: rows, asked, scored, distinct: {numbers}")
        self.assert_none("rows without exactly one score", """
            SELECT r.run_id, r.item_id, r.sample, s.scores
            FROM evaluator.run_rows r LEFT JOIN
              (SELECT subject, count(*) AS scores FROM scorer.score GROUP BY 1) s
              ON s.subject = format('runs/%s/items/%s/samples/%s',
                                    r.run_id, r.item_id, r.sample)
            WHERE s.scores IS DISTINCT FROM 1""")
        self.assertEqual(
            self.stack.number("SELECT count(*) FROM scorer.score "
                              "WHERE subject LIKE 'runs/%'"),
            self.stack.number("SELECT count(*) FROM evaluator.run_rows"))

    def test_every_settled_completion_is_everywhere_once(self):
        self.assertEqual(self.await_rest(), [])
        settled = ("SELECT completion_id FROM serving.settlements "
                   "WHERE settle_time IS NOT NULL")
        others = {
            "feedback": "SELECT DISTINCT completion_id FROM serving.feedback",
            "outcomes": "SELECT completion_id FROM prompt_engine.outcome "
                        "WHERE settled_at IS NOT NULL",
            "scores": "SELECT substr(subject, 13) FROM scorer.score "
                      "WHERE subject LIKE 'completions/%'",
        }
        self.assertGreater(
            self.stack.number(f"SELECT count(*) FROM ({settled}) s"), 100)
        for words, query in others.items():
            self.assert_none(f"settled but without {words}",
                             f"{settled} EXCEPT ALL {query}")
            self.assert_none(f"{words} but not settled",
                             f"{query} EXCEPT ALL {settled}")
        self.assert_none("settled but no completion", f"""
            {settled} EXCEPT ALL SELECT completion_id
            FROM serving.completions""")

    def test_kafka_and_postgres_know_the_same_completions(self):
        self.assertEqual(self.await_rest(), [])
        served = {record["key"] for record in
                  self.stack.records("completion.served.v1")}
        rows = {row[0] for row in self.stack.sql(
            "SELECT completion_id FROM serving.completions")}
        self.assertEqual(served ^ rows, set())
