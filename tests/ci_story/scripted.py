"""A stack whose prompt is answered by a model of a test: rightly, unless the
template says WORSE. For tests of what stands around a gate, not of the model."""

import json
import pathlib
import shutil
import sys
import tempfile
import threading
import urllib.request

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "loop"))
import stack as stacks  # pylint: disable=wrong-import-position
from model_double import ModelDouble  # pylint: disable=wrong-import-position

PROMPT = "complete-line"
BENCHMARK = "lines"
ITEMS = 40
POLICY = {"tolerances": [{"metric": "exact_match", "average_tolerance": 0.2}],
          "min_pairs": 20}


def revision(worse=False, max_tokens=48):
    """A revision's content; another length is another revision."""
    return {"template": {"form": "FORM_PREFIX_SUFFIX",
                         "text": ("# WORSE\n" if worse else "") + "{{prefix}}"},
            "model": {"name": "scripted", "snapshot": "one"},
            "sampling": {"max_tokens": max_tokens, "temperature": 0,
                         "stop": ["\n"]},
            "output": {"extent": "EXTENT_LINE", "always": {}}}


def item(number):
    return {"item_id": f"add/{number}", "location": {"language": "python"},
            "prefix": f"def add_{number}(x):\n    return ",
            "agreed": f"x + {number}"}


class Model(ModelDouble):
    """may_answer holds answers back; so do GET /hold and /release."""

    def __init__(self):
        self.may_answer = threading.Event()
        self.may_answer.set()
        super().__init__(self._answer, get=self._control)

    def _answer(self, asked):
        self.may_answer.wait()
        number = asked["prompt"].split("def add_")[1].split("(")[0]
        return f"x {'-' if 'WORSE' in asked['prompt'] else '+'} {number}"

    def _control(self, path):
        if path == "/hold":
            self.may_answer.clear()
        else:
            self.may_answer.set()

    def close(self):
        self.may_answer.set()
        super().close()


class ScriptedStack:
    """stack: up, with the model, the benchmark and version 1 of the prompt in
    production. folder: a test's own. model.may_answer holds it back."""

    def __init__(self, token=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="evalloop-ci."))
        self.model = Model()
        self.stack = stacks.Stack()
        self.ok = self.stack.ok
        if token is not None:
            self.stack.environment["EVALLOOP_AUTH_TOKEN"] = token
        try:
            self.stack.up()
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _prepare(self):
        self.ok("model", "add", "scripted", "--url", self.model.url, "--model",
                "scripted", "--snapshot", "one")
        problems = self.write(f"{BENCHMARK}.json", {
            "name": BENCHMARK, "items": [item(i) for i in range(ITEMS)]})
        self.import_benchmark(problems)
        file = self.write("first.json", revision())
        self.ok("prompt", "push", PROMPT, "--file", str(file))
        self.ok("prompt", "publish", f"{PROMPT}@1", "--override", "the first")
        self.ok("prompt", "label", f"{PROMPT}@1", "production", "--reason",
                "the start")

    def import_benchmark(self, file):
        token = self.stack.environment.get("EVALLOOP_AUTH_TOKEN", "")
        request = urllib.request.Request(
            self.stack.url("evaluator", "json") + "/v1/benchmarks:import",
            data=file.read_bytes(), headers={"authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def write(self, name, value):
        path = self.folder / name
        path.write_text(json.dumps(value), encoding="utf-8")
        return path

    def close(self):
        self.model.may_answer.set()
        self.stack.close()
        self.model.close()
        shutil.rmtree(self.folder, ignore_errors=True)
