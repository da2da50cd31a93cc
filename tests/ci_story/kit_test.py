"""deploy/ci: the files parse, actions are pinned, nothing that comes from
outside is pasted into a script, and every command line that their scripts come
to is one that evalloop takes."""

import json
import os
import pathlib
import re
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "loop"))
import runner  # pylint: disable=wrong-import-position
import stack as stacks  # pylint: disable=wrong-import-position

RECORDER = """#!/usr/bin/env python3
import json, os, sys
with open(os.environ["RECORD"], "a") as record:
    record.write(json.dumps(sys.argv[1:]) + "\\n")
if sys.argv[1:3] == ["prompt", "push"]:
    print("complete-line@2 0123 pushed")
if sys.argv[1] == "gate":
    if os.environ.get("GITHUB_OUTPUT"):
        with open(os.environ["GITHUB_OUTPUT"], "a") as output:
            output.write("verdict=passed\\ngate_id=gate-1\\n")
    sys.exit(int(os.environ.get("GATE_CODE", "0")))
"""
PROMPT = """
template: {form: FORM_PREFIX_SUFFIX}
model: {name: m}
sampling: {max_tokens: 48}
"""
INPUTS = {
    "prompt": "complete-line", "prompt-file": "prompts/line.yaml",
    "benchmark": "lines", "policy": "prompts/gate.yaml",
    "prompt-engine": "127.0.0.1:1", "evaluator": "127.0.0.1:1",
}


# What evalloop says when it has read its arguments and files.
MISSES = re.compile(rb"waiting up to|can't be reached")


def texts_of_github():
    return sorted((runner.CI / "github").rglob("*.yml"))


class KitTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="evalloop-kit."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "prompts").mkdir()
        (self.folder / "prompts/line.yaml").write_text(PROMPT)
        (self.folder / "prompts/gate.yaml").write_text("min_pairs: 20\n")
        self.record = self.folder / "record.jsonl"
        bin_folder = self.folder / "bin"
        bin_folder.mkdir()
        (bin_folder / "evalloop").write_text(RECORDER)
        (bin_folder / "evalloop").chmod(0o755)
        self.environment = runner.job_environment(
            {**os.environ, "RECORD": str(self.record)}, bin_folder)

    def recorded(self):
        return [json.loads(line) for line in
                self.record.read_text().splitlines()]

    def assert_taken(self, arguments):
        """evalloop takes the command line, and then misses a service that is
        not there; a command line that it does not take ends it before."""
        process = subprocess.Popen(
            [stacks.BIN / "evalloop", *arguments], cwd=self.folder,
            env={**os.environ, "EVALLOOP_PROMPT_ENGINE_ADDRESS": "127.0.0.1:1",
                 "EVALLOOP_EVALUATOR_ADDRESS": "127.0.0.1:1"},
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        said = b""
        deadline = time.monotonic() + 60
        with selectors.DefaultSelector() as selector:
            selector.register(process.stderr, selectors.EVENT_READ)
            while not MISSES.search(said) and time.monotonic() < deadline:
                if not selector.select(1):
                    continue
                read = os.read(process.stderr.fileno(), 4096)
                if not read:
                    break
                said += read
        process.kill()
        process.wait()
        process.stderr.close()
        self.assertRegex(said, MISSES, arguments)

    def test_a_wrong_command_line_is_not_taken(self):
        with self.assertRaises(AssertionError):
            self.assert_taken(["prompt", "push", "x", "--fiel", "y"])

    def test_the_actions_command_lines_are_taken(self):
        played = runner.ActionRun({**INPUTS, "publish": "true"},
                                  self.environment, self.folder)
        self.assertEqual(played.code, 0, played.said)
        commands = self.recorded()
        self.assertEqual([one[0] for one in commands],
                         ["prompt", "gate", "prompt"])
        self.assertEqual(commands[2], ["prompt", "publish", "complete-line@2",
                                       "--gate", "gate-1"])
        for arguments in commands:
            self.assert_taken(arguments)

    def test_the_action_publishes_only_what_is_green_and_asked_for(self):
        for code, publish, fail_on, ends, published in (
                ("1", "true", "inconclusive", 1, False),
                ("5", "true", "inconclusive", 5, False),
                ("5", "true", "regressed", 0, False),
                ("3", "true", "regressed", 3, False),
                ("0", "false", "inconclusive", 0, False),
                ("0", "true", "inconclusive", 0, True)):
            self.record.unlink(missing_ok=True)
            played = runner.ActionRun(
                {**INPUTS, "publish": publish, "fail-on": fail_on},
                {**self.environment, "GATE_CODE": code}, self.folder)
            case = (code, publish, fail_on, played.said)
            self.assertEqual(played.code, ends, case)
            self.assertEqual(played.outputs["exit-code"], code, case)
            self.assertEqual(["prompt", "publish"] in
                             [one[:2] for one in self.recorded()],
                             published, case)

    def test_the_components_command_lines_are_taken(self):
        jobs = runner.component({**INPUTS, "image": "i"})
        given = {**self.environment, "EVALLOOP_CANDIDATE": "complete-line@2",
                 "EVALLOOP_GATE_ID": "gate-1"}
        names = [name for name in jobs if not name.startswith(".")]
        self.assertEqual(names, ["evalloop-smoke", "evalloop-full",
                                 "evalloop-publish", "evalloop-promote",
                                 "evalloop-rollback"])
        for name in names:
            played = runner.JobRun(jobs, name, given, self.folder)
            self.assertEqual(played.code, 0, (name, played.said))
        commands = self.recorded()
        self.assertEqual(len(commands), 7)
        for arguments in commands:
            self.assert_taken(arguments)

    def test_a_hostile_input_is_one_argument(self):
        hostile = "x'; touch owned; echo \"$(touch owned)`touch owned`"
        runner.ActionRun({**INPUTS, "benchmark": hostile}, self.environment,
                         self.folder)
        gate = self.recorded()[1]
        self.assertEqual(gate[gate.index("--benchmark") + 1], hostile)
        self.assertFalse((self.folder / "owned").exists())

    def test_scripts_have_no_expressions(self):
        for path in texts_of_github():
            loaded = runner.load(path)
            steps = loaded.get("runs", {}).get("steps", []) + [
                step for job in loaded.get("jobs", {}).values()
                for step in job["steps"]]
            self.assertGreater(len(steps), 0, path)
            for step in steps:
                script = step.get("run", "") + str(
                    step.get("with", {}).get("script", ""))
                self.assertNotIn("${{", script, path)

    def test_actions_of_others_are_pinned_by_digest(self):
        found = 0
        for path in texts_of_github():
            for used in re.findall(r"uses: (\S+)", path.read_text()):
                if used.startswith("./"):
                    continue
                found += 1
                self.assertRegex(used, r"^[\w.-]+/[\w.-]+@[0-9a-f]{40}$", path)
        self.assertGreater(found, 4)

    def test_examples_give_inputs_that_there_are_and_all_that_are_needed(self):
        action = runner.load(runner.ACTION)["inputs"]
        needed = {name for name, one in action.items() if one.get("required")}
        example = runner.load(runner.CI / "github/examples/prompts.yml")
        given = set(example["jobs"]["gate"]["steps"][-1]["with"])
        self.assertLessEqual(given, set(action))
        self.assertLessEqual(needed, given)
        head = runner.COMPONENT.read_text().split("\n---\n")[0]
        inputs = runner.yaml.safe_load(head)["spec"]["inputs"]
        needed = {name for name, one in inputs.items() if "default" not in one}
        example = runner.load(runner.CI / "gitlab/examples/gitlab-ci.yml")
        given = set(example["include"][0]["inputs"])
        self.assertLessEqual(given, set(inputs))
        self.assertLessEqual(needed, given)

    def test_a_release_moves_the_pin_or_moves_it_back(self):
        step = runner.load(runner.CI / "github/examples/release.yml")[
            "jobs"]["move"]["steps"][-1]
        for act, words in (("promote", ["label", "complete-line@2",
                                        "production"]),
                           ("rollback", ["rollback", "complete-line",
                                         "--label", "production"])):
            self.record.unlink(missing_ok=True)
            subprocess.run(
                ["bash", "-c", step["run"]], check=True, timeout=60,
                env={**self.environment, "ACT": act, "PROMPT": "complete-line",
                     "VERSION": "2", "REASON": "it is better"})
            arguments, = self.recorded()
            self.assertEqual(arguments[1:1 + len(words)], words)
            self.assert_taken(arguments)


if __name__ == "__main__":
    unittest.main(verbosity=2)
