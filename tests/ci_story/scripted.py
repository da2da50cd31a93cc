"""A stack whose prompt is answered by a model of a test: rightly, unless the
template says WORSE. For tests of what stands around a gate, not of the model."""

import http.server
import json
import pathlib
import shutil
import sys
import tempfile
import threading
import urllib.request

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "loop"))
import stack as stacks  # pylint: disable=wrong-import-position

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


class Model(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        """/hold keeps answers back until /release."""
        if self.path == "/hold":
            self.server.may_answer.clear()
        else:
            self.server.may_answer.set()
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self):
        self.server.may_answer.wait()
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        number = asked["prompt"].split("def add_")[1].split("(")[0]
        right = "WORSE" not in asked["prompt"]
        body = json.dumps({
            "id": "1", "object": "text_completion", "created": 1,
            "model": "scripted", "choices": [{
                "index": 0, "text": f"x {'+' if right else '-'} {number}",
                "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 10, "completion_tokens": 5,
                      "total_tokens": 15}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class ScriptedStack:
    """stack: up, with the model, the benchmark and version 1 of the prompt in
    production. folder: a test's own. model.may_answer holds it back."""

    def __init__(self, token=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="evalloop-ci."))
        self.model = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
        self.model.may_answer = threading.Event()
        self.model.may_answer.set()
        threading.Thread(target=self.model.serve_forever, daemon=True).start()
        self.stack = stacks.Stack()
        if token is not None:
            self.stack.environment["EVALLOOP_AUTH_TOKEN"] = token
        try:
            self.stack.up()
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _prepare(self):
        url = f"http://127.0.0.1:{self.model.server_port}/v1"
        self.ok("model", "add", "scripted", "--url", url, "--model", "scripted",
                "--snapshot", "one")
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

    def ok(self, *arguments, timeout=120):
        code, out, err = self.stack.cli(*arguments, timeout=timeout)
        if code != 0:
            raise AssertionError(f"{arguments}: {code} {out}{err}"
                                 + self.stack.complaints())
        return out

    def close(self):
        self.model.may_answer.set()
        self.stack.close()
        self.model.shutdown()
        self.model.server_close()
        shutil.rmtree(self.folder, ignore_errors=True)
