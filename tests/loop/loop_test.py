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
import time
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
        self.assert_none("without a settled outcome", """
            SELECT completion_id FROM serving.completions
            WHERE session NOT IN ('probe', '') EXCEPT
            SELECT completion_id FROM prompt_engine.outcome
            WHERE settled_at IS NOT NULL""")

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

    def test_what_was_committed_is_known_of_every_replayed_completion(self):
        self.await_outcomes()
        self.assert_none("said something and is not known", """
            SELECT o.completion_id FROM prompt_engine.outcome o
            JOIN prompt_engine.committed_outcome c USING (completion_id)
            WHERE o.settled_at IS NOT NULL AND c.stage < 2""")
        # The replay accepts what is a beginning of what was committed.
        rows = self.stack.sql("""
            SELECT c.kind, count(*) FROM prompt_engine.outcome o
            JOIN prompt_engine.committed_outcome c USING (completion_id)
            WHERE o.kind = 2 GROUP BY 1""")
        accepted = {int(kind): int(count) for kind, count in rows}
        self.assertGreater(accepted.get(1, 0), 20)
        self.assertGreaterEqual(
            accepted[1] / sum(accepted.values()), 0.99, accepted)
        # And they stand where they were typed.
        self.assert_none("accepted and kept elsewhere", """
            SELECT o.completion_id FROM prompt_engine.outcome o
            JOIN prompt_engine.committed_outcome c USING (completion_id)
            JOIN prompt_engine.git_commit g ON g.sha = c.commit
            WHERE o.kind = 2 AND c.kind = 1
              AND (c.path, c.line, g.parent) <> (o.path, o.line, o.commit)""")

    def test_one_call_tells_all_and_psql_agrees(self):
        self.await_outcomes()
        self.assertEqual(self.await_rest(), [])
        row = self.stack.sql("""
            SELECT completion_id, c.kind, c.commit, c.path, c.line, c.text,
                   c.similarity, c.rank, c.variants, c.at_least_as_good,
                   c.centrality, s.scorer_digest, s.composite, r.composite,
                   r.scorer_digest
            FROM prompt_engine.committed_outcome c
            JOIN prompt_engine.live_score s USING (completion_id)
            JOIN scorer.score r ON r.subject = 'outcomes/' || completion_id
            WHERE c.rank IS NOT NULL AND s.composite IS NOT NULL
            ORDER BY c.kind, completion_id LIMIT 1""")
        self.assertEqual(len(row), 1, "no completion with all")
        names = ("id kind commit path line text similarity rank variants "
                 "at_least_as_good centrality digest composite score "
                 "score_digest").split()
        known = dict(zip(names, row[0]))
        code, out, err = self.stack.cli("completion", "show", known["id"],
                                        "--json")
        self.assertEqual(code, 0, err)
        told = json.loads(out)["outcome"]
        kinds = ("", "KIND_KEPT", "KIND_EDITED", "KIND_DROPPED")
        ranks = ("", "RANK_BETTER", "RANK_LIKE", "RANK_WORSE")
        committed, placement = told["committed"], told["placement"]
        self.assertEqual(committed["kind"], kinds[int(known["kind"])])
        self.assertEqual(placement["rank"], ranks[int(known["rank"])])
        for message, fields in (
                (committed, ("commit", "path", "text")),):
            for field in fields:
                self.assertEqual(message[field], known[field], field)
        for message, field in ((committed, "line"), (committed, "similarity"),
                               (placement, "variants"),
                               (placement, "at_least_as_good"),
                               (placement, "centrality")):
            self.assertAlmostEqual(float(message[field]), float(known[field]),
                                   places=9, msg=field)
        score = told["score"]
        self.assertEqual(score["scorer_digest"], known["digest"])
        self.assertEqual(score["scorer_digest"], known["score_digest"])
        self.assertAlmostEqual(score["composite"], float(known["composite"]))
        self.assertAlmostEqual(score["composite"], float(known["score"]))
        # Runs are scored by the same.
        self.assert_none("another digest than the runs'", f"""
            SELECT '{known["digest"]}' WHERE NOT EXISTS (
              SELECT FROM scorer.score WHERE subject LIKE 'runs/%'
              AND scorer_digest = '{known["digest"]}')""")

    def test_the_summary_adds_up(self):
        self.await_outcomes()
        self.assertEqual(self.await_rest(), [])
        code, out, err = self.stack.cli("outcomes", "--prompt",
                                        "complete-line", "--json")
        self.assertEqual(code, 0, err)
        summaries = json.loads(out)["summaries"]
        self.assertGreater(len(summaries), 0)
        number = self.stack.number
        for one in summaries:
            which = (f"o.prompt = 'complete-line' AND o.model = "
                     f"'{one['model']}' AND o.revision_version = "
                     f"{one['revision_version']}")
            base = ("FROM prompt_engine.outcome o LEFT JOIN "
                    "prompt_engine.committed_outcome c USING (completion_id) "
                    f"WHERE {which}")
            for field, condition in (
                    ("completions", "true"), ("kept", "c.kind = 1"),
                    ("edited", "c.kind = 2"), ("placed", "c.rank > 0")):
                self.assertEqual(
                    int(one[field]),
                    number(f"SELECT count(*) {base} AND {condition}"), field)
            if int(one["placed"]):
                share = one["at_least_median"]["value"]
                self.assertAlmostEqual(share * int(one["placed"]), number(
                    f"SELECT count(*) {base} AND c.rank < 3"), places=6)

    def await_outcomes(self):
        """Until nothing that an editor told of waits for a look."""
        deadline = time.monotonic() + 60
        while self.stack.number("""
                SELECT count(*) FROM prompt_engine.committed_outcome c
                JOIN prompt_engine.outcome o USING (completion_id)
                WHERE o.settled_at IS NOT NULL AND c.stage < 2"""):
            if time.monotonic() > deadline:
                break
            time.sleep(0.2)

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
        answer, feedback, events, rows, shown, committed = said
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
        self.assertRegex(shown, r"(?m)^outcome +pending \(no_location\)$")
        self.assertIn(completion, committed)
        self.assertIn("at least median", committed)

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
