"""The gate with curl and jq alone, against every service: the worked example of
docs/ci.md, word by word as it stands there, and deploy/ci/gate.sh. What each
ends with is looked at: green, worse, not enough evidence, unknown names, bad
files, a wrong token, too late, nobody there."""

import os
import re
import secrets
import shutil
import subprocess
import unittest

import scripted
import stack as stacks

SCRIPT = stacks.ROOT / "deploy/ci/gate.sh"
DOCS = stacks.ROOT / "docs/ci.md"


def example_of_the_docs():
    section = DOCS.read_text(encoding="utf-8").split(
        "## Without the command line: curl and jq\n")[1].split("\n## ")[0]
    blocks = re.findall(r"```bash\n(.*?)```", section, re.S)
    assert len(blocks) == 1, len(blocks)
    return blocks[0]


class CurlGateTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.token = secrets.token_hex(24)
        cls.scripted = scripted.ScriptedStack(cls.token)
        cls.addClassCleanup(cls.scripted.close)
        cls.lengths = iter(range(49, 1000))

    def setUp(self):
        self.folder = self.scripted.folder / secrets.token_hex(4)
        self.folder.mkdir()
        self.addCleanup(shutil.rmtree, self.folder)
        self.write("gate.json", scripted.POLICY)

    def write(self, name, value):
        return self.scripted.write(self.folder / name, value)

    def fresh(self, **more):
        """A revision that nobody has pushed before."""
        return self.write("complete-line.json", scripted.revision(
            max_tokens=next(self.lengths), **more))

    def environment(self, **more):
        stack = self.scripted.stack
        return {
            "PATH": os.environ["PATH"], "TMPDIR": str(self.folder),
            "JOB": self.folder.name, "EVALLOOP_REQUEST_ID": self.folder.name,
            "EVALLOOP_AUTH_TOKEN": self.token,
            "EVALLOOP_PROMPT_ENGINE_URL": stack.url("prompt_engine", "json"),
            "EVALLOOP_EVALUATOR_URL": stack.url("evaluator", "json"), **more}

    def run_in_folder(self, command, **more):
        return subprocess.run(command, cwd=self.folder, check=False,
                              env=self.environment(**more), timeout=200,
                              capture_output=True, text=True)

    def gate(self, code, *arguments, **more):
        """Runs gate.sh, which must end with `code`, and leave nothing."""
        arguments = arguments or ("complete-line", "complete-line.json",
                                  scripted.BENCHMARK, "gate.json")
        before = sorted(self.folder.iterdir())
        done = self.run_in_folder([SCRIPT, *arguments], **more)
        said = f"{done.stdout}{done.stderr}"
        self.assertEqual(done.returncode, code,
                         said + self.scripted.stack.complaints())
        self.assertEqual(sorted(self.folder.iterdir()), before)
        self.assertNotIn(self.token, said)
        return done

    def staging(self):
        rows = self.scripted.stack.sql(
            "SELECT version FROM prompt_engine.label WHERE label = 'staging'")
        return int(rows[0][0])

    def test_the_example_of_the_docs_publishes_what_is_green(self):
        self.fresh()
        done = self.run_in_folder(["bash", "-c", example_of_the_docs()])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"exact_match 0 \[-0")
        self.assertIn('"publish_time"', done.stdout)

    def test_the_example_of_the_docs_stops_what_is_worse(self):
        self.fresh(worse=True)
        before = self.staging()
        done = self.run_in_folder(["bash", "-c", example_of_the_docs()])
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"exact_match -1 \[-1")
        self.assertEqual(self.staging(), before)

    def test_the_example_of_the_docs_fails_where_nobody_is_there(self):
        self.fresh()
        port = stacks.free_ports(1)[0]
        done = self.run_in_folder(
            ["bash", "-c", example_of_the_docs()],
            EVALLOOP_PROMPT_ENGINE_URL=f"http://127.0.0.1:{port}")
        self.assertNotIn(done.returncode, (0, 1, 5), done.stdout)

    def test_green_is_published_where_asked_for_and_the_same_when_repeated(self):
        self.fresh()
        first = self.gate(0, EVALLOOP_PUBLISH="true", EVALLOOP_MESSAGE="why")
        version, gate = first.stdout.splitlines()[-1].split()
        self.assertIn("exact_match: 1 -> 1, 0 [", first.stdout)
        self.assertEqual(version, f"complete-line@{self.staging()}")
        again = self.gate(0)
        self.assertEqual(again.stdout.splitlines()[-1], f"{version} {gate}")

    def test_green_is_not_published_unasked(self):
        self.fresh()
        before = self.staging()
        self.gate(0)
        self.assertEqual(self.staging(), before)

    def test_worse_is_1_and_never_published(self):
        self.fresh(worse=True)
        before = self.staging()
        done = self.gate(1, EVALLOOP_PUBLISH="true")
        self.assertIn("exact_match average:", done.stdout)
        self.assertIn("exact_match: 1 -> 0, -1", done.stdout)
        self.assertIn("is worse", done.stderr)
        self.assertEqual(self.staging(), before)

    def test_too_little_evidence_is_5_or_a_warning(self):
        self.fresh()
        before = self.staging()
        few = {**scripted.POLICY, "min_pairs": 1000}
        self.write("gate.json", few)
        self.gate(5, EVALLOOP_PUBLISH="true")
        self.write("gate.json",
                   {**few, "on_inconclusive": "ON_INCONCLUSIVE_WARN"})
        done = self.gate(0, EVALLOOP_PUBLISH="true")
        self.assertIn("inconclusive", done.stderr)
        self.assertEqual(self.staging(), before)

    def test_bad_input_is_2_and_named(self):
        self.fresh()
        self.write("wrong.json", {"templat": {}})
        (self.folder / "broken.json").write_text("{")
        good = ["complete-line", "complete-line.json", "lines", "gate.json"]
        for place, value, words in (
                (0, "no such prompt!", "prompt"),
                (1, "missing.json", "missing.json"),
                (1, "broken.json", "broken.json"),
                (1, "wrong.json", "templat"),
                (2, "no-such-benchmark", "no-such-benchmark"),
                (3, "wrong.json", "templat")):
            arguments = good[:place] + [value] + good[place + 1:]
            done = self.gate(2, *arguments)
            self.assertIn(words, done.stderr, arguments)
        self.assertIn("usage", self.gate(2, "only-one").stderr)
        # A prompt that nobody has pushed has no production to compare with.
        done = self.gate(2, "unknown-prompt", *good[1:])
        self.assertIn("unknown-prompt", done.stderr)
        self.gate(2, EVALLOOP_SUBSET="most")
        self.gate(2, EVALLOOP_BASELINE="no-such-label")

    def test_a_wrong_token_is_4(self):
        self.fresh()
        self.gate(4, EVALLOOP_AUTH_TOKEN="wrong")
        self.gate(4, EVALLOOP_AUTH_TOKEN="")
        done = self.gate(2, EVALLOOP_AUTH_TOKEN='x"\noutput = "owned')
        self.assertIn("no token", done.stderr)

    def test_no_service_is_3(self):
        self.fresh()
        port = stacks.free_ports(1)[0]
        for name in ("PROMPT_ENGINE", "EVALUATOR"):
            done = self.gate(3, **{
                f"EVALLOOP_{name}_URL": f"http://127.0.0.1:{port}"})
            self.assertIn("can't be reached", done.stderr)

    def test_no_verdict_in_time_is_124_and_the_next_attempt_finds_the_gate(self):
        self.fresh()
        self.scripted.model.may_answer.clear()
        self.addCleanup(self.scripted.model.may_answer.set)
        late = self.gate(124, EVALLOOP_GATE_SECONDS="0")
        gate = re.search(r"gate (\S+) has no verdict", late.stderr)[1]
        self.scripted.model.may_answer.set()
        self.assertIn(gate, self.gate(0).stdout)


if __name__ == "__main__":
    os.umask(0o022)
    unittest.main(verbosity=2)
