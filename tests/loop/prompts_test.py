"""The prompt library as people and CI use it: files with includes, lint, push,
diff, gate, publish, labels, a pin, rollback, history. Publishing believes the
evaluator and nobody else."""

import json
import os
import pathlib
import shutil
import tempfile
import time
import unittest
import urllib.error
import urllib.request

import human_eval_test as human_eval
import stack as stacks
import sums
from model_double import ModelDouble

TASKS = 12

REVISION = """\
template:
  form: FORM_PREFIX_SUFFIX
  file: solve.prompt
model: {name: scripted, snapshot: one}
sampling: {temperature: 0, max_tokens: 64, stop: ["\\n\\n"]}
output: {extent: EXTENT_BLOCK, always: {}}
includes:
  - {name: style, file: ../fragments/style.md}
"""


class PromptsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="evalloop-tests."))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.model = ModelDouble(
            lambda asked: human_eval.completion(asked["prompt"]))
        cls.addClassCleanup(cls.model.close)
        cls.stack = stacks.Stack()
        cls.ok = cls.stack.ok
        cls.addClassCleanup(cls.stack.close)
        cls.stack.up()
        cls.ok("model", "add", "scripted", "--url", cls.model.url, "--model",
               "scripted", "--snapshot", "one")
        problems = cls.folder / "Sums.jsonl"
        problems.write_text("".join(
            json.dumps(sums.task(number)) + "\n"
            for number in range(TASKS)))
        cls.ok("benchmark", "import", str(problems))
        cls.policy = cls.folder / "policy.yaml"
        cls.policy.write_text(
            "tolerances:\n  - {metric: pass_at_1, average_tolerance: 0.5}\n"
            "min_pairs: 5\n")

    def refused(self, code, *arguments):
        """What a command that ends with `code` says."""
        ended, out, err = self.stack.cli(*arguments)
        self.assertEqual(ended, code, (arguments, out, err))
        return out + err

    def file(self, style):
        """A revision whose include says `style`."""
        for name, text in (("prompts/solve.yaml", REVISION),
                           ("prompts/solve.prompt",
                            "{{> style}}\n{{prefix}}\n"),
                           ("fragments/style.md", style)):
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return str(self.folder / "prompts/solve.yaml")

    def push(self, prompt, *styles):
        for style in styles:
            file = self.file(style)
            self.ok("lint", file)
            self.ok("prompt", "push", prompt, "--file", file,
                    "--message", f"style {style.split()[0]}")

    def published(self, prompt, version):
        self.ok("prompt", "publish", f"{prompt}@{version}", "--override",
                "no baseline yet")

    def post(self, path, body):
        """(HTTP status, answer) of the JSON API."""
        port = self.stack.ports["prompt_engine", "json"]
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(),
            {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def served(self, model):
        """The revision that the gateway answers with; None: it knows none."""
        request = urllib.request.Request(
            self.stack.url("serving") + "/v1/completions",
            json.dumps({"model": model,
                        "prompt": "def add_1(x):\n"}).encode(),
            {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.headers["x-evalloop-revision"]
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
            return None

    def test_a_file_with_fragments_is_stored_whole_and_comes_back(self):
        self.push("whole", "# One style.\n", "# Another style.\n")
        shown = self.ok("prompt", "show", "whole@2")
        self.assertIn('text: "# Another style."', shown)
        self.assertNotIn("style.md", shown)
        again = self.folder / "again.yaml"
        again.write_text(shown)
        pushed = self.ok("prompt", "push", "whole", "--file", str(again))
        self.assertIn("whole@2", pushed)
        self.assertIn("was there before", pushed)
        diff = self.ok("prompt", "diff", "whole@1", "whole@2")
        self.assertIn("template: includes.style", diff)
        self.assertIn("# Another style.", diff)
        told = json.loads(self.ok("--json", "prompt", "diff", "whole@1",
                                  "whole@2"))
        self.assertEqual([change["kind"] for change in told["changes"]],
                         ["template"])

    def test_lint_says_what_keeps_a_revision_from_being_published(self):
        file = self.file("<fim_prefix>\n")
        words = self.refused(1, "lint", file)
        self.assertIn("error: template.text holds <fim_prefix>", words)
        self.ok("prompt", "push", "linted", "--file", file)
        self.assertIn("fill_in_the_middle", self.refused(
            4, "prompt", "publish", "linted@1", "--override", "anyway"))
        (self.folder / "fragments/style.md").unlink()
        self.assertIn("includes[0].file", self.refused(2, "lint", file))

    def test_only_a_green_gate_of_the_same_revision_publishes(self):
        self.push("solve", "# One.\n", "# Two.\n", "# Three.\n")
        self.published("solve", 1)
        self.ok("prompt", "label", "solve@1", "production", "--reason",
                "the first")
        words = self.refused(4, "prompt", "publish", "solve@2")
        self.assertIn("evalloop gate --prompt solve@2 --benchmark NAME", words)

        code, out, err = self.stack.cli(
            "--json", "gate", "--prompt", "solve@2", "--benchmark", "Sums",
            "--policy", str(self.policy), timeout=300)
        self.assertEqual(code, 0, out + err)
        gate = json.loads(out)["gate_id"]
        self.assertIn("judged solve@2", self.refused(
            4, "prompt", "publish", "solve@3", "--gate", gate))
        # Who publishes can't say how a gate ended.
        path = "/v1/prompts/solve/revisions/3:publish"
        green = {"verdict": "VERDICT_KIND_PASSED"}
        for body in ({}, {"gate_id": gate}, {"gate_id": "gate-none"}):
            code, answer = self.post(path, {**green, **body})
            self.assertIn(code, (400, 404), answer)
        self.assertIsNone(self.told("solve@3").get("publish_time"))

        self.ok("prompt", "publish", "solve@2", "--gate", gate)
        self.assertTrue(self.told("solve@2")["publish_time"])
        history = self.ok("prompt", "history", "solve")
        self.assertIn(f"gate {gate} passed", history)

        # Nobody is published while nobody can say.
        self.stack.kill("evaluator")
        code, answer = self.post(path, {"gate_id": gate})
        self.assertEqual(code, 503, answer)
        self.stack.up()

    def told(self, revision):
        return json.loads(self.ok("--json", "prompt", "show", revision))

    def test_a_pin_stays_while_the_label_moves_and_rolls_back(self):
        self.push("pinned", "# Old.\n", "# New.\n")
        for version in (1, 2):
            self.published("pinned", version)
        moves = []
        for command in (("label", "pinned@1", "production"),
                        ("label", "pinned@2", "production"),
                        ("rollback", "pinned")):
            self.ok("prompt", *command, "--reason", f"do {len(moves)}")
            moved = time.monotonic()
            wanted = ("pinned@1", "pinned@2", "pinned@1")[len(moves)]
            while self.served("evalloop/pinned") != wanted:
                self.assertLess(time.monotonic() - moved, 10, wanted)
            moves.append(time.monotonic() - moved)
            self.assertEqual(self.served("evalloop/pinned@2"), "pinned@2")
        # Of three, since a busy machine may be late once.
        self.assertLess(sorted(moves)[1], 1, moves)
        history = self.ok("prompt", "history", "pinned")
        for words in ("rolled_back", "do 2", "pushed", "style #"):
            self.assertIn(words, history)

    def test_a_protected_label_is_not_moved(self):
        self.push("kept", "# One.\n", "# Two.\n")
        self.ok("prompt", "label", "kept@1", "canary", "--reason", "try")
        self.ok("prompt", "label", "kept", "canary", "--protect")
        self.assertIn("protected", self.ok("prompt", "list"))
        self.assertIn("canary is protected", self.refused(
            4, "prompt", "label", "kept@2", "canary", "--reason", "go on"))
        self.ok("prompt", "label", "kept", "canary", "--unprotect")
        self.ok("prompt", "label", "kept@2", "canary", "--reason", "go on")
        self.assertIn("--reason", self.refused(
            2, "prompt", "label", "kept@1", "canary"))


if __name__ == "__main__":
    os.umask(0o022)
    unittest.main(verbosity=2)
