"""The whole story of a prompt in CI, on a real repository and with every
service: a draft whose template is worse is held by the smoke gate, the mended
one is let through, published and pinned, and rolled back. What each command
ends with, and what it writes, is looked at."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
import xml.etree.ElementTree as xml

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "loop"))
import small_repository  # pylint: disable=wrong-import-position
import stack as stacks  # pylint: disable=wrong-import-position

PROMPT = "complete-line"
# Of this project's own history: what the model is trained on, then the items.
COMMITS = 60
ITEMS = 240


def own_history():
    """This project's repository, where the checkout came with its history;
    else None."""
    git = ["git", "-C", str(stacks.ROOT), "-c", "safe.directory=*"]
    count = subprocess.run([*git, "rev-list", "--count", "--first-parent",
                            "HEAD"], capture_output=True, text=True,
                           check=False)
    deep = count.returncode == 0 and int(count.stdout) > 2 * COMMITS
    return stacks.ROOT if deep else None


class StoryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="evalloop-story."))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.repository = own_history()
        if cls.repository is None:
            cls.repository = cls.folder / "small"
            small_repository.make_small_repository(cls.repository)
        cls.stack = stacks.Stack()
        cls.addClassCleanup(cls.stack.close)
        cls.stack.up()
        cls.prepare()

    @classmethod
    def prepare(cls):
        """What a ModelOps team has before its first merge request: a model, a
        benchmark and a prompt in production."""
        repository = str(cls.repository)
        history = subprocess.run(
            ["git", "-C", repository, "-c", "safe.directory=*", "rev-list",
             "--first-parent", "HEAD"], check=True, capture_output=True,
            text=True).stdout.split()
        after = history[min(COMMITS, len(history) // 2)]
        cls.ok("commits", "ingest", "--repo", repository, "--max-commits",
               str(2 * COMMITS), timeout=300)
        built = cls.told("training", "build", "--repo", repository, "--commit",
                         after, timeout=300)
        job = cls.told("training", "start", built["training_set_id"],
                       timeout=600)
        cls.digest = job["model_digest"]
        cls.model = cls.told("model", "list")["models"][0]["name"]
        cls.ok("benchmark", "build", "lines", "--repo", repository, "--after",
               after, "--max-items", str(ITEMS), timeout=300)
        cls.write("first.yaml", {})
        first = cls.push("first.yaml", "What we have")
        assert first == f"{PROMPT}@1", first
        cls.ok("prompt", "publish", first, "--override", "the first one")
        cls.ok("prompt", "label", first, "production", "--reason", "the start")

    @classmethod
    def run_cli(cls, *arguments, timeout=240):
        return cls.stack.cli(*arguments, timeout=timeout)

    @classmethod
    def ok(cls, *arguments, timeout=120):
        code, out, err = cls.run_cli(*arguments, timeout=timeout)
        if code != 0:
            raise AssertionError(f"{arguments}: {code} {out}{err}"
                                 + cls.stack.complaints())
        return out

    @classmethod
    def told(cls, *arguments, timeout=120):
        return json.loads(cls.ok("--json", *arguments, timeout=timeout))

    @classmethod
    def write(cls, name, changes):
        """A revision's file: what is in production, with these changes."""
        content = {
            "template": {"form": "FORM_PREFIX_SUFFIX"},
            "model": {"name": cls.model, "snapshot": cls.digest},
            "sampling": {"max_tokens": 48, "temperature": 0, "stop": ["\n"]},
            "output": {"extent": "EXTENT_LINE", "always": {}}}
        (cls.folder / name).write_text(json.dumps({**content, **changes}))

    @classmethod
    def push(cls, name, message):
        return cls.ok("prompt", "push", PROMPT, "--file",
                      str(cls.folder / name), "--message",
                      message).split()[0]

    def gate(self, revision, name, *more):
        """(exit code, the gate as JSON, files by kind, stderr)."""
        files = {kind: self.folder / f"{name}.{kind}"
                 for kind in ("junit", "markdown", "code-quality", "dotenv")}
        outputs = [word for kind, path in files.items()
                   for word in (f"--{kind}", str(path))]
        code, out, err = self.run_cli(
            "--json", "gate", "--prompt", revision, "--benchmark", "lines",
            "--prompt-file", "prompts/line.yaml", *outputs, *more)
        return code, json.loads(out) if out else None, files, err

    def version_of(self, label):
        return self.told("prompt", "show", f"{PROMPT}@{label}")["version"]

    def assert_serves(self, version):
        """The gateway answers with this revision, a moment after the label
        moved and without a restart."""
        deadline = time.monotonic() + 20
        while True:
            served = self.ask_gateway()
            if served.endswith(f"@{version}") or time.monotonic() > deadline:
                break
        self.assertTrue(served.endswith(f"@{version}"), served)

    def ask_gateway(self):
        asked = urllib.request.Request(
            self.stack.url("serving") + "/v1/completions",
            data=json.dumps({"model": f"evalloop/{PROMPT}",
                             "prompt": "int main(int argc, "}).encode(),
            headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return answer.headers["x-evalloop-revision"]

    def dotenv(self, path):
        return dict(line.split("=", 1)
                    for line in path.read_text().splitlines())

    def test_the_story(self):
        self.a_worse_draft_is_held()
        self.the_mended_one_is_let_through_and_published()
        self.the_pin_moves_and_comes_back()

    def a_worse_draft_is_held(self):
        # The planted mistake: a marker stands between the code and what the
        # model is to write.
        self.write("line.yaml", {"template": {"form": "FORM_PREFIX_SUFFIX",
                                              "text": "{{prefix}} <CURSOR>"}})
        self.worse = self.push("line.yaml", "Mark the cursor")
        self.assertEqual(self.push("line.yaml", "Mark the cursor"),
                         self.worse)  # The same content is the same version.
        code, gate, files, err = self.gate(self.worse, "red", "--subset",
                                           "smoke")
        self.assertEqual(code, 1, (gate, err))
        self.assertEqual(gate["verdict"], "VERDICT_KIND_REGRESSED")
        self.report_names_category_rows_and_cause(gate)
        self.files_tell_what_failed(files, gate)
        code, _, err = self.run_cli("prompt", "publish", self.worse, "--gate",
                                    gate["gate_id"])
        self.assertEqual(code, 4, err)
        self.assertRegex(err, "gate")
        code, _, err = self.run_cli("prompt", "label", self.worse,
                                    "production", "--reason", "quick")
        self.assertEqual(code, 4, err)
        self.assertEqual(self.version_of("production"), 1)

    def report_names_category_rows_and_cause(self, gate):
        report = gate["report"]
        # Which group shows it first depends on the history; its rows must be
        # worse by more than the category may be.
        self.assertTrue(report["failing_groups"], gate["findings"])
        for group in report["failing_groups"]:
            self.assertIn(group["dimension"], ("class", "language", "tag"))
            self.assertTrue(group["name"])
            self.assertLess(min(one["delta"]["value"]
                                for one in group["deltas"]), 0)
        self.assertGreater(report["failing_row_count"], 10)
        row = report["failing_rows"][0]
        self.assertTrue(row["location"]["path"])
        self.assertGreater(row["location"]["line"], 0)
        self.assertIn("\n-", row["diff"])
        changes = {one["kind"]: one for one in report["changes"]}
        self.assertIn("template", changes)
        self.assertEqual(changes["template"]["field"], "template.text")
        self.assertEqual(changes["template"]["version"], 2)
        self.assertEqual(changes["template"]["message"], "Mark the cursor")
        self.assertTrue(changes["template"]["author"])

    def files_tell_what_failed(self, files, gate):
        junit = xml.parse(files["junit"]).getroot()
        failed = [case for case in junit.iter("testcase")
                  if case.find("failure") is not None]
        self.assertGreater(len(failed), 10)
        markdown = files["markdown"].read_text()
        self.assertIn("regressed", markdown.lower())
        self.assertIn("Mark the cursor", markdown)
        quality = json.loads(files["code-quality"].read_text())
        self.assertGreater(len(quality), 10)
        self.assertEqual(len({one["fingerprint"] for one in quality}),
                         len(quality))
        told = self.dotenv(files["dotenv"])
        self.assertEqual(told["EVALLOOP_VERDICT"], "regressed")
        self.assertEqual(told["EVALLOOP_GATE_ID"], gate["gate_id"])
        self.assertEqual(told["EVALLOOP_CANDIDATE"], self.worse)

    def the_mended_one_is_let_through_and_published(self):
        self.write("line.yaml", {"template": {"form": "FORM_PREFIX_SUFFIX",
                                              "text": "{{prefix}}"}})
        self.good = self.push("line.yaml", "The code is back")
        self.assertEqual(self.good, f"{PROMPT}@3")
        code, smoke, _, err = self.gate(self.good, "smoke", "--subset",
                                        "smoke")
        self.assertEqual(code, 0, (smoke and smoke["findings"], err))
        code, full, files, err = self.gate(self.good, "full")
        self.assertEqual(code, 0, (full and full["findings"], err))
        self.assertEqual(full["verdict"], "VERDICT_KIND_PASSED")
        junit = xml.parse(files["junit"]).getroot()
        self.assertEqual([case for case in junit.iter("testcase")
                          if case.find("failure") is not None], [])
        self.assertEqual(self.dotenv(files["dotenv"])["EVALLOOP_VERDICT"],
                         "passed")
        # Gated twice it stays green.
        code, again, _, _ = self.gate(self.good, "again")
        self.assertEqual(code, 0, again and again["findings"])
        self.assertNotEqual(again["gate_id"], full["gate_id"])
        # A gate of another version is no gate of this one.
        code, _, err = self.run_cli("prompt", "publish", self.worse, "--gate",
                                    full["gate_id"])
        self.assertEqual(code, 4, err)
        self.ok("prompt", "publish", self.good, "--gate", full["gate_id"])
        self.assertEqual(self.version_of("staging"), 3)
        # Publishing is not deploying.
        self.assertEqual(self.version_of("production"), 1)
        self.assert_serves(1)

    def the_pin_moves_and_comes_back(self):
        self.ok("prompt", "label", self.good, "production", "--reason",
                "release 12")
        self.assertEqual(self.version_of("production"), 3)
        self.assert_serves(3)
        self.ok("prompt", "rollback", PROMPT, "--reason", "complaints")
        self.assertEqual(self.version_of("production"), 1)
        self.assert_serves(1)
        history = self.ok("prompt", "history", PROMPT)
        for word in ("release 12", "complaints", "Mark the cursor"):
            self.assertIn(word, history)

    def test_every_other_end_has_its_exit_code(self):
        first = f"{PROMPT}@1"
        policy = self.folder / "policy.yaml"
        policy.write_text("min_pairs: 100000\n")
        code, gate, _, err = self.gate(first, "few", "--policy", str(policy))
        self.assertEqual(code, 5, err)
        self.assertEqual(gate["verdict"], "VERDICT_KIND_INCONCLUSIVE")
        code, gate, files, err = self.gate(
            first, "warned", "--policy", str(policy), "--on-inconclusive",
            "warn")
        self.assertEqual(code, 0, err)
        code, gate, files, err = self.gate(
            first, "overridden", "--policy", str(policy), "--override",
            "the benchmark is being rebuilt")
        self.assertEqual(code, 0, err)
        self.assertEqual(gate["override_reason"],
                         "the benchmark is being rebuilt")
        policy.write_text("min_pears: 10\n")
        code, _, _, err = self.gate(first, "typo", "--policy", str(policy))
        self.assertEqual(code, 2, err)
        self.assertIn("min_pears", err)
        code, _, err = self.run_cli("gate", "--prompt", first, "--benchmark",
                                    "liens")
        self.assertEqual(code, 2, err)
        self.assertIn("liens", err)
        code, _, err = self.run_cli("gate", "--prompt", f"{PROMPT}@99",
                                    "--benchmark", "lines")
        self.assertEqual(code, 2, err)


if __name__ == "__main__":
    os.umask(0o022)
    unittest.main(verbosity=2)
