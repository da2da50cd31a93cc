"""Items with hidden tests through the real loop: a file in HumanEval's form is
imported, a model answers it over HTTP, the sandbox runs the tests, the scores
come back to the run; weak and wrong tests are found out; a rubric push makes a
gate run its baseline again."""

import json
import os
import pathlib
import shutil
import tempfile
import time
import unittest

import stack as stacks
import sums
from model_double import ModelDouble

TASKS = 12
# The first tasks are answered rightly.
RIGHT = 9


def broken_task():
    """Its solution fails its own tests."""
    return {**sums.task(TASKS), "canonical_solution": "    return x\n"}


def weak_task():
    """Its tests let everything pass."""
    return {**sums.task(TASKS + 1), "test": "def check(candidate):\n    pass\n"}


def completion(prompt):
    number = sums.number_of(prompt)
    if number < RIGHT:
        return sums.solution(number)
    if number == RIGHT:
        return "    return eval('x') + helper(x)\n"
    return "    return x +* 1\n" if number == RIGHT + 1 else "    return 0\n"


class HumanEvalTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="evalloop-tests."))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.asked = []
        cls.model = ModelDouble(cls.answer)
        cls.addClassCleanup(cls.model.close)
        cls.stack = stacks.Stack()
        cls.ok, cls.told = cls.stack.ok, cls.stack.told
        cls.addClassCleanup(cls.stack.close)
        cls.stack.up()
        problems = [sums.task(number) for number in range(TASKS)]
        cls.problems = cls.folder / "Sums.jsonl"
        cls.problems.write_text("".join(
            json.dumps(one) + "\n"
            for one in [*problems, broken_task(), weak_task()]))
        cls.ok("model", "add", "scripted", "--url", cls.model.url, "--model",
               "scripted", "--snapshot", "one")
        for tokens in (64, 65):
            revision = cls.folder / "revision.json"
            revision.write_text(json.dumps({
                "template": {"form": "FORM_PREFIX_SUFFIX"},
                "model": {"name": "scripted", "snapshot": "one"},
                "sampling": {"max_tokens": tokens},
                "output": {"extent": "EXTENT_BLOCK", "always": {}}}))
            cls.ok("prompt", "push", "solve", "--file", str(revision))
        cls.ok("benchmark", "import", str(cls.problems))
        cls.first = cls.told("run", "start", "--prompt", "solve@1",
                           "--benchmark", "Sums", "--watch", timeout=300)

    @classmethod
    def answer(cls, asked):
        cls.asked.append(json.dumps(asked))
        return completion(asked["prompt"])

    def scores(self, metric):
        """Task -> the metric's value, or its reason."""
        rows = self.stack.sql(f"""
            SELECT i.commit, coalesce(m.value::text, m.reason)
            FROM evaluator.row_metrics m JOIN evaluator.items i USING (item_id)
            WHERE m.metric = '{metric}'
              AND m.run_id = '{self.first["run_id"]}'""")
        return dict(rows)

    def test_right_answers_pass_their_hidden_tests_and_wrong_ones_do_not(self):
        passed = self.scores("pass_at_1")
        self.assertEqual(len(passed), TASKS + 2)
        for number in range(TASKS):
            self.assertEqual(passed[f"Sum/{number}"],
                             "1" if number < RIGHT else "0", number)
        summary = {one["metric"]: one for one in self.first["metrics"]}
        self.assertGreater(summary["pass_at_1"]["mean"]["value"], 0.6)

    def test_tools_and_deltas_have_values(self):
        self.assertEqual(self.scores("type_errors_delta")["Sum/0"], "0")
        bad = f"Sum/{RIGHT}"
        self.assertEqual(self.scores("security_delta")[bad], "1")
        self.assertEqual(self.scores("type_errors_delta")[bad], "1")
        self.assertEqual(self.scores("invented_symbols")[bad], "1")
        found = self.stack.sql(f"""
            SELECT finding_metrics, finding_rules, finding_lines
            FROM evaluator.run_rows JOIN evaluator.items USING (item_id)
            WHERE items.commit = '{bad}'
              AND run_id = '{self.first["run_id"]}'""")[0]
        for word in ("security_delta", "invented_symbols"):
            self.assertIn(word, found[0])
        self.assertIn("helper", found[1])
        self.assertIn("helper", self.ok("run", "show", self.first["run_id"]))

    def test_the_default_composite_is_of_tests_types_security_and_complexity(
            self):
        composites = dict(self.stack.sql(f"""
            SELECT i.commit, w.composite FROM evaluator.run_rows w
            JOIN evaluator.items i USING (item_id)
            WHERE w.run_id = '{self.first["run_id"]}'"""))
        self.assertEqual(composites["Sum/0"], "1")
        self.assertAlmostEqual(float(composites[f"Sum/{TASKS - 1}"]), 5 / 9)
        self.assertEqual(composites[f"Sum/{RIGHT + 1}"], "0")  # No syntax.

    def test_no_model_sees_a_test(self):
        self.assertGreaterEqual(len(self.asked), TASKS + 2)
        for prompt in self.asked:
            self.assertNotIn("assert", prompt)
            self.assertNotIn("Sum/", prompt)

    def test_wrong_tests_go_into_quarantine_and_weak_ones_are_told(self):
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            shown = self.told("benchmark", "show", "Sums")
            if shown.get("checked") == TASKS + 2:
                break
            time.sleep(1)
        self.assertEqual(shown["tested"], TASKS + 2)
        self.assertEqual(shown["quarantined"], 1)
        self.assertEqual(self.stack.sql("""
            SELECT i.commit, q.reason FROM evaluator.quarantine q
            JOIN evaluator.items i USING (item_id)"""),
            [[f"Sum/{TASKS}", "solution_fails"]])
        scores = dict(self.stack.sql("""
            SELECT i.commit, o.mutation_score FROM evaluator.oracles o
            JOIN evaluator.items i USING (item_id)"""))
        self.assertEqual(scores["Sum/3"], "1")
        self.assertEqual(scores[f"Sum/{TASKS + 1}"], "0")
        words = self.ok("benchmark", "show", "Sums")
        self.assertIn("solution_fails", words)
        self.assertIn("let pass", words)

    def test_a_rubric_push_has_the_gate_run_its_baseline_again(self):
        rubric = self.folder / "rubric.yaml"
        rubric.write_text(
            "name: tests-only\nterms:\n"
            "  - {metric: pass_at_1, weight: 1, group: helpful, applies: "
            "with_tests}\n"
            "  - {metric: chrf, weight: 1, group: helpful, applies: "
            "without_tests}\n")
        policy = self.folder / "policy.yaml"
        policy.write_text(
            "tolerances:\n  - {metric: pass_at_1, average_tolerance: 0.5}\n"
            "min_pairs: 5\n")
        arguments = ("gate", "--prompt", "solve@2", "--baseline", "1",
                     "--benchmark", "Sums", "--policy", str(policy))
        code, out, err = self.stack.cli(*arguments, timeout=300)
        self.assertEqual(code, 0, out + err)
        self.ok("rubric", "push", str(rubric))
        code, out, err = self.stack.cli(*arguments, timeout=300)
        self.assertEqual(code, 0, out + err)
        self.assertEqual(self.stack.number("""
            SELECT count(DISTINCT scorer_digest) FROM evaluator.runs"""), 2)
        self.assertEqual(self.stack.number("""
            SELECT count(*) FROM evaluator.gates
            WHERE baseline_source = 'renewed'"""), 1)


if __name__ == "__main__":
    os.umask(0o022)
    unittest.main(verbosity=2)
