"""A benchmark's life on the real stack: built of a history of several authors
with a part held out, an item that explains itself, runs that leave out what is
held out, archived, or older than a model's training data, a rotation, and
production measured anew on the new version."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import small_repository
import stack as stacks
from model_double import ModelDouble

ITEMS = 60
HELD = 12
FIRST = "nightly@1"  # Another test rotates it.
LATER = 60  # Commits that come in only after the first runs.


class BenchmarksTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="evalloop-tests."))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.model = ModelDouble(lambda _: "cursor = connection.cursor()\n")
        cls.addClassCleanup(cls.model.close)
        cls.repository = cls.folder / "warehouse"
        small_repository.make_small_repository(cls.repository)
        commits = subprocess.run(
            ["git", "-C", cls.repository, "rev-list", "--first-parent", "main"],
            check=True, capture_output=True, text=True).stdout.split()
        cls.newest, cls.earlier = commits[0], commits[LATER]
        cls.stack = stacks.Stack()
        cls.ok, cls.told = cls.stack.ok, cls.stack.told
        cls.addClassCleanup(cls.stack.close)
        cls.stack.up()
        cls.ok("commits", "ingest", "--repo", str(cls.repository), "--until",
               cls.earlier)
        build = ["benchmark", "build", "nightly", "--repo", str(cls.repository),
                 "--max-items", str(ITEMS), "--holdout", str(HELD / ITEMS)]
        cls.told(*build, "--changelog", "the first")
        cls.again = cls.told(*build)
        cls.listed = cls.told(
            "benchmark", "list", "--filter",
            "name = nightly AND items >= 60")["benchmarks"]
        cls.items = cls.items_of(FIRST)
        cls.held = {item["item_id"] for item in cls.items if item["holdout"]}
        cls.revision_of("scripted")

    @classmethod
    def items_of(cls, benchmark, *flags):
        return cls.told("benchmark", "items", benchmark, "--limit", "1000",
                        *flags)["items"]

    @classmethod
    def revision_of(cls, name, *flags):
        """A model that says the same to everything, and its prompt."""
        cls.ok("model", "add", name, "--url", cls.model.url, "--model",
               "scripted", "--snapshot", "one", *flags)
        file = cls.folder / f"{name}.json"
        file.write_text(json.dumps({
            "template": {"form": "FORM_PREFIX_SUFFIX"},
            "model": {"name": name, "snapshot": "one"},
            "sampling": {"temperature": 0, "max_tokens": 64, "stop": ["\n"]},
            "output": {"extent": "EXTENT_LINE", "always": {}}}))
        cls.ok("prompt", "push", name, "--file", str(file))

    def run_of(self, prompt, benchmark, *flags):
        return self.told("run", "start", "--prompt", f"{prompt}@1",
                         "--benchmark", benchmark, "--watch", *flags)

    def asked_by(self, run):
        return {row[0] for row in self.stack.sql(
            "SELECT item_id FROM evaluator.run_rows WHERE run_id = "
            f"'{run['run_id']}'")}

    def until(self, condition, words, seconds=150):
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                self.fail(words + self.stack.complaints())
            time.sleep(0.2)

    def test_the_manifest_says_what_it_is_made_of(self):
        shown = self.told("benchmark", "show", FIRST)
        self.assertEqual(shown["items"], ITEMS)
        subsets = {one["subset"]: one for one in shown["subsets"]}
        self.assertEqual(subsets["SUBSET_HOLDOUT"]["items"], HELD)
        self.assertEqual(subsets["SUBSET_FULL"]["items"], ITEMS - HELD)
        self.assertEqual(len(self.held), HELD)
        mix = {(one["dimension"], one["name"]): one["items"]
               for one in shown["mix"]}
        self.assertEqual(mix["task", "completion"], ITEMS)
        self.assertEqual(mix["language", "python"]
                         + mix["language", "javascript"], ITEMS)
        times = [item["author_time"] for item in self.items]
        self.assertEqual(shown["oldest_item_time"], min(times))
        self.assertEqual(shown["newest_item_time"], max(times))
        # The same again is the same version.
        self.assertEqual(self.again["version"], 1)
        self.assertEqual([one["version"] for one in self.listed], [1])

    def test_an_item_explains_itself_by_pseudonyms(self):
        several = [item for item in self.items if len(item["variants"]) > 1]
        self.assertTrue(several)
        item = several[0]
        said = self.ok("benchmark", "show", item["item_id"])
        for variant in item["variants"]:
            self.assertIn(variant["author"], said)
            self.assertIn(f"{variant['weight']:.3f}", said)
        self.assertIn(item["location"]["path"], said)
        for name in small_repository.AUTHORS:
            self.assertNotIn(name, json.dumps(item))
        code, _, words = self.stack.cli("benchmark", "show", "nobody")
        self.assertEqual(code, 2, words)

    def test_no_ordinary_run_asks_for_what_is_held_out(self):
        ids = {item["item_id"] for item in self.items}
        full = self.run_of("scripted", FIRST)
        self.assertEqual(self.asked_by(full), ids - self.held)
        # Where its training data ends is not known, which is said.
        self.assertIn("not known", full["validity"]["note"])
        self.assertEqual(full["validity"]["valid_rows"], ITEMS - HELD)
        smoke = self.run_of("scripted", FIRST, "--subset", "smoke")
        self.assertEqual(self.asked_by(smoke) & self.held, set())
        held = self.run_of("scripted", FIRST, "--subset", "holdout")
        self.assertEqual(self.asked_by(held), self.held)
        self.assertEqual(held["subset"], "SUBSET_HOLDOUT")

    def test_only_items_younger_than_the_training_data_count(self):
        ordinary = [item for item in self.items if not item["holdout"]]
        times = sorted(item["author_time"] for item in ordinary)
        cutoff = times[len(times) // 2]
        older = sum(item["author_time"] <= cutoff for item in ordinary)
        self.revision_of("cut", "--cutoff", cutoff)
        self.until(lambda: self.stack.sql(
            "SELECT 1 FROM evaluator.models WHERE model = 'cut'"),
            "the model is not known")
        run = self.run_of("cut", FIRST)
        self.assertEqual(run["validity"]["older_rows"], older)
        self.assertEqual(run["validity"]["valid_rows"],
                         ITEMS - HELD - older)
        exact = {one["metric"]: one for one in run["metrics"]}["exact_match"]
        self.assertEqual(exact["rows"], ITEMS - HELD - older)
        self.assertIn("older ones count nowhere",
                      self.ok("run", "show", run["run_id"]))
        other = self.run_of("scripted", FIRST)
        compared = self.told("run", "compare", other["run_id"], run["run_id"])
        self.assertEqual(compared["validity"]["older_rows"], older)
        self.assertEqual(compared["items"], ITEMS - HELD - older)
        # A model that may have read them all is told apart from none.
        self.revision_of("late", "--cutoff", "2030-01-01")
        self.until(lambda: self.stack.sql(
            "SELECT 1 FROM evaluator.models WHERE model = 'late'"),
            "the model is not known")
        late = self.run_of("late", FIRST)
        self.assertEqual(late["validity"]["valid_rows"], 0)
        code, _, words = self.stack.cli("run", "compare", other["run_id"],
                                        late["run_id"])
        self.assertNotEqual(code, 0)
        self.assertIn("none of the", words)

    def test_rotation_archives_the_oldest_and_measures_production(self):
        self.ok("prompt", "publish", "scripted@1", "--override", "the first")
        self.ok("prompt", "label", "scripted@1", "production", "--reason",
                "the first")
        self.stack.cli("gate", "--prompt", "scripted@1", "--benchmark",
                       "nightly", "--baseline", "1", timeout=180)
        self.ok("commits", "ingest", "--repo", str(self.repository))
        rotated = self.told("benchmark", "rotate", "nightly", "--until",
                            self.newest)
        self.assertEqual(rotated["version"], 2)
        self.assertEqual(rotated["rotated_from"], 1)
        self.assertEqual(rotated["items"], ITEMS)
        gone = ITEMS // 5
        self.assertEqual(rotated["archived"], gone)
        self.assertIn(f"{gone} items archived", rotated["changelog"])
        now = {item["item_id"]: item for item in self.items_of("nightly")}
        before = {item["item_id"]: item for item in self.items}
        oldest = sorted(before.values(), key=lambda item: item["author_time"])
        archived = set(before) - set(now)
        self.assertEqual(len(archived), gone)
        self.assertLessEqual(
            max(before[one]["author_time"] for one in archived),
            oldest[gone]["author_time"])
        for one in set(before) & set(now):
            self.assertEqual(now[one]["holdout"], before[one]["holdout"])
        # What is archived is kept, and shown on demand.
        shown = self.items_of("nightly", "--filter", "archived = true")
        self.assertEqual({item["item_id"] for item in shown}, archived)
        self.assertIn("archived: in no run",
                      self.ok("benchmark", "show", sorted(archived)[0]))

        # Again: nothing is fresh, nothing changes, and that is said.
        code, out, words = self.stack.cli("benchmark", "rotate", "nightly")
        self.assertEqual(code, 0, words)
        self.assertIn("nothing fresh", words)
        self.assertIn("nightly@2", out)
        self.assertEqual(self.told("benchmark", "show", "nightly")["version"],
                         2)
        # Nobody asked for it: the evaluator itself measures production anew, on
        # what is neither archived nor held out.
        baselines = ("SELECT run_id FROM evaluator.runs WHERE benchmark_version "
                     "= 2 AND purpose = 'baseline'")
        self.until(lambda: self.stack.sql(baselines),
                   "production is not measured anew")
        run = {"run_id": self.stack.sql(baselines)[0][0]}
        self.assertEqual(self.asked_by(run),
                         {one for one in now if not now[one]["holdout"]})

    def test_a_golden_set_is_imported_and_scored_by_the_kind_of_its_items(self):
        example = stacks.ROOT / "docs/formats/golden-set.example.yaml"
        made = self.told("benchmark", "import", str(example), "--name",
                         "golden")
        self.assertEqual(made["items"], 4)
        self.assertEqual(made["tested"], 1)
        run = self.run_of("scripted", "golden")
        rows = {(task, metric): (value, reason) for task, metric, value, reason
                in self.stack.sql(f"""
            SELECT i.task, m.metric, m.value, m.reason
            FROM evaluator.row_metrics m JOIN evaluator.items i USING (item_id)
            WHERE i.benchmark = 'golden' AND m.run_id = '{run["run_id"]}'""")}
        # What the model says names no place.
        self.assertEqual(rows["search", "hit_at_5"], ("0", ""))
        self.assertEqual(rows["completion", "hit_at_5"], ("", "other_task"))
        self.assertEqual(rows["generation", "pass_at_1"], ("0", ""))
        # Nobody judges here: missing, never 0.
        self.assertEqual(rows["review", "criteria_met"], ("", "no_judge"))
        self.assertNotEqual(rows["review", "chrf"][0], "")
        code, _, words = self.stack.cli("benchmark", "rotate", "golden")
        self.assertEqual(code, 2, words)
        self.assertIn("was imported", words)
        wrong = self.folder / "wrong.yaml"
        wrong.write_text("items:\n  - {id: a, language: c, prefix: x}\n")
        code, _, words = self.stack.cli("benchmark", "import", str(wrong))
        self.assertEqual(code, 2, words)
        self.assertIn("line 2, item 1: agreed:", words)


if __name__ == "__main__":
    unittest.main(verbosity=2)
