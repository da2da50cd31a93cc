"""What the benches of whole runs share: a stack of this build with durable
engines of its own, a model that costs nothing, and what processes used."""
import contextlib
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/loop"))
import stack as stacks  # noqa: E402

# The stack goes down, too, when somebody ends the bench.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))

BUILD = pathlib.Path(os.environ.get("EVALLOOP_BUILD_DIR",
                                    ROOT / "build/release"))
TICK = os.sysconf("SC_CLK_TCK")
# Those that work on a run.
SERVICES = ("evaluator", "serving", "scorer", "prompt_engine")
RUBRIC = {
    "name": "likeness",
    "description": "three deterministic metrics",
    "terms": [{"metric": "exact_match", "weight": 0.2, "group": "honest"},
              {"metric": "edit_similarity", "weight": 0.4, "group": "helpful"},
              {"metric": "chrf", "weight": 0.4, "group": "helpful"}]}
REVISION = {
    "template": {"form": "FORM_PREFIX_SUFFIX"},
    "model": {"name": "instant", "snapshot": "one"},
    "sampling": {"max_tokens": 200},
    "output": {"extent": "EXTENT_BLOCK", "always": {}}}


def make_rows(count, largest=600):
    """(question, answer, reference): a piece of this project's own code is
    asked for after the code before it; the answer is the piece with words left
    out and changed, as a model's completions are."""
    source = random.Random(1)
    text = "\n".join(path.read_text(encoding="utf-8") for path in
                     sorted((ROOT / "code_analysis").glob("*.cc")))
    text = text.replace("{{", "{ {")  # No template of promptfoo's.
    rows = []
    for number in range(count):
        size = source.randrange(60, largest)
        before = 2 * largest
        start = source.randrange(before, len(text) - size)
        reference = text[start:start + size]
        words = reference.split(" ")
        answer = " ".join(
            source.choice(words) if source.random() < 0.1 else word
            for word in words if source.random() > 0.1)
        rows.append((f"{text[start - before:start]}\n// row {number}\n",
                     answer or "x", reference))
    return rows


def items_of(rows):
    return [{"item_id": f"row-{number:06}", "prefix": question,
             "agreed": reference, "commit": f"{number // 4:040}",
             "location": {"language": "cpp", "path": "a.cc"}}
            for number, (question, _, reference) in enumerate(rows)]


class Model:
    """The instant model as a process of its own."""

    def __init__(self, folder, answers):
        file = folder / "answers.jsonl"
        file.write_text("".join(json.dumps(text) + "\n" for text in answers))
        self._process = subprocess.Popen(
            [BUILD / "bench.programs/model", file], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.pid = self._process.pid
        port = self._process.stdout.readline().split()[1]
        self.url = f"http://127.0.0.1:{port}/v1"

    def close(self):
        self._process.stdin.close()
        self._process.wait(timeout=10)


class RunBench:
    """A stack with a benchmark, a revision and the rubric in force."""

    def __init__(self, folder, model):
        stacks.BIN = BUILD / "bin"
        self.stack = stacks.Stack(own_engines=True)
        # Durable: every commit is on the disk before it counts.
        del self.stack.environment["EVALLOOP_TEMPORARY"]
        self.stack.up()
        self._folder = folder
        self.cli("model", "add", "instant", "--url", model.url, "--model",
                 "instant", "--snapshot", "one")
        self.cli("prompt", "push", "answer", "--file",
                 self._file("revision.json", REVISION))

    def _file(self, name, message):
        path = self._folder / name
        path.write_text(json.dumps(message))
        return str(path)

    def use_likeness(self):
        self.cli("rubric", "push", self._file("rubric.json", RUBRIC))

    def cli(self, *arguments, timeout=600):
        code, out, err = self.stack.cli("--json", *arguments, timeout=timeout)
        if code != 0:
            sys.exit(f"evalloop {' '.join(arguments)}: {code} {out}{err}"
                     + self.stack.complaints())
        return json.loads(out) if out.strip() else None

    def call(self, service, path, message):
        """POST to a service's JSON port."""
        request = urllib.request.Request(
            self.stack.url(service, "json") + path,
            json.dumps(message).encode(),
            {"content-type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=600) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            sys.exit(f"{path}: {error.code} {error.read().decode()}")

    def get(self, service, path, query):
        """GET from a service's JSON port."""
        url = (self.stack.url(service, "json") + path + "?"
               + urllib.parse.urlencode(query))
        with urllib.request.urlopen(url, timeout=600) as response:
            return json.load(response)

    def import_items(self, name, items):
        self.call("evaluator", "/v1/benchmarks:import",
                  {"name": name, "items": items})

    def pids(self):
        """Process ids by name; the engines' are their first processes'."""
        found = {name: self.stack.pid(name) for name in SERVICES}
        home = self.stack.home
        found["postgres"] = int((home / "postgres/postmaster.pid")
                                .read_text().splitlines()[0])
        found["kafka"] = int((home / "kafka/pid").read_text())
        return found

    def close(self):
        self.stack.close()


def _stat(pid):
    """Fields of /proc/PID/stat behind the name: state is the first."""
    text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    return text.rpartition(")")[2].split()


def cpu_of(pids):
    """CPU seconds, by name, of processes with all that they started."""
    children, ticks = {}, {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = _stat(entry.name)
                children.setdefault(int(fields[1]), []).append(int(entry.name))
                # Its own and those of children that have ended.
                ticks[int(entry.name)] = sum(int(one) for one in fields[11:15])
    used = {}
    for name, pid in pids.items():
        family = [pid]
        for one in family:
            family += children.get(one, [])
        used[name] = sum(ticks.get(one, 0) for one in family) / TICK
    return used


def peak_of(pid):
    """The largest resident size that a process has had, in bytes."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024
