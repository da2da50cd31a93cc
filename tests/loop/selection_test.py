"""Which model for which work, on real runs: five models of different quality and
price answer one benchmark over HTTP, the sandbox runs the tests, and evalloop
says what a completed task costs, who dominates whom and what to take."""

import json
import os
import pathlib
import re
import shutil
import tempfile
import threading
import unittest
import urllib.request

import stack as stacks
from model_double import ModelDouble, Refusal

EACH = 32  # Items of a class.
PROMPT_TOKENS, ANSWER_TOKENS = 100, 50
# Model: right answers in the class sum, in the class product, and the price of
# a million tokens read; tokens written cost twice that.
MODELS = {"small": (32, 8, 1), "middle": (32, 31, 4), "wasteful": (20, 8, 5),
          "big": (32, 32, 20), "unpriced": (32, 32, 0)}
VERSIONS = {name: place for place, name in enumerate(MODELS, 1)}
# The middle model's server fails the first time that it is asked for these.
FAILS_FIRST = range(0, EACH, 8)


def item(kind, number):
    sign = {"sum": "+", "product": "*"}[kind]
    return {
        "item_id": f"{kind}/{number}",
        "prefix": f"def {kind}_{number}(x):\n",
        "agreed": f"    return x {sign} {number}\n",
        "location": {"language": "python", "path": f"{kind}.py"},
        "class": kind,
        "tests": {
            "program": "def check(candidate):\n"
                       f"    assert candidate(3) == 3 {sign} {number}\n",
            "entry_point": f"{kind}_{number}"}}


class Models:
    """Answers in the name of all of them; every first question is counted."""

    def __init__(self):
        self._lock = threading.Lock()
        self._asked = set()

    def answer(self, asked):
        kind, number = re.search(r"def (\w+)_(\d+)", asked["prompt"]).groups()
        number, model = int(number), asked["model"]
        with self._lock:
            first = (model, kind, number) not in self._asked
            self._asked.add((model, kind, number))
        if first and model == "middle" and number in FAILS_FIRST:
            raise Refusal(503)
        right = number < MODELS[model][kind == "product"]
        sign = {"sum": "+", "product": "*"}[kind]
        return f"    return x {sign} {number}\n" if right else "    return -7\n"


class SelectionTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="evalloop-select."))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.models = ModelDouble(Models().answer,
                                 usage=(PROMPT_TOKENS, ANSWER_TOKENS))
        cls.addClassCleanup(cls.models.close)
        cls.stack = stacks.Stack()
        cls.ok, cls.told = cls.stack.ok, cls.stack.told
        cls.addClassCleanup(cls.stack.close)
        cls.stack.up()
        items = [item(kind, number) for kind in ("sum", "product")
                 for number in range(EACH)]
        cls.post("benchmarks:import", {"name": "Arithmetic", "items": items})
        for name in MODELS:
            cls.push(name)
        runs = [cls.told("run", "start", "--prompt", f"solve@{version}",
                         "--benchmark", "Arithmetic")["run_id"]
                for version in VERSIONS.values()]
        for run in runs:
            cls.ok("run", "watch", run, timeout=300)
        cls.frontier = cls.told("model", "frontier", "--benchmark",
                                "Arithmetic", "--correction-cost", "0.02")
        cls.points = {point["model"]: point
                      for point in cls.frontier["points"]}

    @classmethod
    def push(cls, name):
        price = MODELS[name][2]
        cls.ok("model", "add", name, "--url", cls.models.url, "--model", name,
               "--snapshot", "one", "--price-in", str(price), "--price-out",
               str(2 * price))
        revision = cls.folder / "revision.json"
        revision.write_text(json.dumps({
            "template": {"form": "FORM_PREFIX_SUFFIX"},
            "model": {"name": name, "snapshot": "one"},
            "sampling": {"max_tokens": 64, "temperature": 0},
            "output": {"extent": "EXTENT_BLOCK", "always": {}}}))
        cls.ok("prompt", "push", "solve", "--file", str(revision))

    @classmethod
    def post(cls, path, content):
        request = urllib.request.Request(
            f"{cls.stack.url('evaluator', 'json')}/v1/{path}",
            json.dumps(content).encode(),
            {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)

    def recommended(self, dimension, name=""):
        for made in self.frontier["recommendations"]:
            if (made["dimension"], made["name"]) == (dimension, name):
                return made
        self.fail(f"nothing for {dimension} {name}: {self.frontier}")

    def test_costs_and_qualities_are_those_of_the_answers(self):
        self.assertEqual(self.frontier["metric"], "pass_at_1")
        self.assertEqual([point["model"] for point in self.frontier["points"]],
                         ["small", "middle", "wasteful", "big", "unpriced"])
        for name, (sums, products, price) in MODELS.items():
            point = self.points[name]
            passed = sums + products
            self.assertEqual(point["rows"], 2 * EACH)
            self.assertAlmostEqual(point["quality"]["value"],
                                   passed / (2 * EACH))
            self.assertLess(point["quality"]["lower"],
                            point["quality"]["value"])
            if price == 0:
                continue
            cost = price * (PROMPT_TOKENS + 2 * ANSWER_TOKENS)
            self.assertAlmostEqual(point["cost_micros_per_task"], cost)
            # A correction costs 20,000 millionths.
            self.assertAlmostEqual(
                point["cost_micros_per_completed_task"],
                (2 * EACH * cost + 20000 * (2 * EACH - passed)) / passed)

    def test_what_was_asked_again_is_counted(self):
        again = 2 * len(FAILS_FIRST)
        self.assertAlmostEqual(self.points["middle"]["attempts_per_task"],
                               1 + again / (2 * EACH))
        self.assertEqual(self.points["big"]["attempts_per_task"], 1)
        self.assertEqual(self.stack.number("""
            SELECT sum(attempts) - count(*) FROM evaluator.run_rows"""), again)

    def test_a_missing_price_is_no_price_of_nothing(self):
        self.assertNotIn("cost_micros_per_task", self.points["unpriced"])
        self.assertFalse(self.points["unpriced"]["dominated"])
        self.assertTrue(any(
            f"the price of solve@{VERSIONS['unpriced']} is not known" in note
            for note in self.frontier["notes"]), self.frontier["notes"])

    def test_the_frontier_names_the_dominated_and_its_knee(self):
        self.assertEqual(self.points["wasteful"]["dominated_by"], "solve@2")
        self.assertEqual([point["model"] for point in self.frontier["points"]
                          if point["knee"]], ["middle"])
        steps = self.frontier["steps"]
        self.assertEqual([step["to"] for step in steps], ["solve@2", "solve@4"])
        # From 40 to 63 of 64 for 600 more; from there one task for 3,200.
        self.assertAlmostEqual(steps[0]["cost_micros_per_point"],
                               600 / (100 * 23 / 64))
        self.assertAlmostEqual(steps[1]["cost_micros_per_point"],
                               3200 / (100 * 1 / 64))

    def test_recommends_by_kind_of_item(self):
        overall = self.recommended("overall")
        self.assertEqual((overall["best"], overall["recommended"]),
                         ("solve@4", "solve@2"))
        self.assertAlmostEqual(overall["saves_share"], 0.8)
        self.assertIn("can't be told apart", overall["reason"])
        self.assertEqual(self.recommended("class", "sum")["recommended"],
                         "solve@1")
        product = self.recommended("class", "product")
        self.assertEqual(product["recommended"], "solve@4")
        self.assertIn("nothing cheaper comes within 3 %", product["reason"])

    def test_people_read_a_table_and_a_plot(self):
        text = self.ok("model", "frontier", "--benchmark", "Arithmetic@1",
                       "--prompt", "solve", "--correction-cost", "0.02")
        if where := os.environ.get("EVALLOOP_SHOW_FRONTIER"):
            pathlib.Path(where).write_text(text)
        for words in ("pass_at_1 on Arithmetic@1", "frontier, knee",
                      "dominated by solve@2", "logarithmic", "a point costs",
                      "does not pay", "pays", "class product", "note: "):
            self.assertIn(words, text)
        plot = [line for line in text.splitlines()
                if re.match(r"[ 0-9.e-]{9}[+|]", line)]
        self.assertEqual(len(plot), 17, text)
        self.assertLessEqual(max(map(len, plot)), 80)
        self.assertNotIn("\x1b", text)

    def test_bad_input_names_the_field_and_a_remedy(self):
        for arguments, words in (
                (("--benchmark", "Arithmetic", "--metric", "invented_symbols"),
                 "metric: invented_symbols is better where it is less"),
                (("--benchmark", "Arithmetic", "--correction-cost", "-1"),
                 "correction-cost: is -1"),
                (("--benchmark", "Arithmetic", "--near", "2"), "near_share"),
                (("--benchmark", "Gone"), "Gone")):
            code, _, err = self.stack.cli("model", "frontier", *arguments)
            self.assertEqual(code, 2, err)
            self.assertIn(words, err)


if __name__ == "__main__":
    os.umask(0o022)
    unittest.main(verbosity=2)
