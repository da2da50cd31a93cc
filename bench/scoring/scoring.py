#!/usr/bin/env python3
"""The scoring part of an eval run (G4): 1,000 rows with three deterministic
metrics, and one row alone, by `evalloop score` and by promptfoo.

    scoring.py --evalloop PROGRAM [--promptfoo FOLDER] [--rounds 5]

FOLDER holds promptfoo's package: npm install --prefix FOLDER promptfoo@0.123.1
(EVALLOOP_PROMPTFOO names it, too). promptfoo's provider answers at once from
the row, so that neither side waits for a model. Both sides compare the same
texts, by exact match, edit distance and a ROUGE, in turns; the ratio is the
median of the rounds'. A line of JSON for each round, then one of medians.
"""
import argparse
import json
import os
import pathlib
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROVIDER = """module.exports = class {
  id() { return 'row'; }
  async callApi(prompt) { return {output: prompt}; }
};
"""
ASSERTIONS = [{"type": "equals", "value": "{{reference}}"},
              {"type": "levenshtein", "threshold": 10,
               "value": "{{reference}}"},
              {"type": "rouge-n", "threshold": 0.5, "value": "{{reference}}"}]
METRICS = "exact_match,edit_similarity,rouge_l"


def make_rows(count):
    """Pieces of this project's own code, beside themselves with words left out
    and changed, as a model's completions are."""
    source = random.Random(1)
    text = "\n".join(path.read_text(encoding="utf-8") for path in
                     sorted((ROOT / "code_analysis").glob("*.cc")))
    rows = []
    for _ in range(count):
        size = source.randrange(60, 600)
        start = source.randrange(len(text) - size)
        reference = text[start:start + size].replace("{{", "{ {")
        words = reference.split(" ")
        candidate = " ".join(
            source.choice(words) if source.random() < 0.1 else word
            for word in words if source.random() > 0.1)
        rows.append((candidate or "x", reference))
    return rows


def cost(command, folder):
    """CPU and wall seconds of `command` and what it starts."""
    environment = dict(os.environ, PROMPTFOO_DISABLE_TELEMETRY="1",
                       PROMPTFOO_DISABLE_UPDATE="1",
                       PROMPTFOO_CONFIG_DIR=str(folder / "config"),
                       PROMPTFOO_DISABLE_REMOTE_GENERATION="1")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    done = subprocess.run(command, cwd=folder, env=environment,
                          capture_output=True, text=True, check=False)
    wall = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 100):  # 100: rows failed their assertions.
        sys.exit(f"{command[0]}: {done.stderr[-2000:]}")
    return (after.ru_utime + after.ru_stime - before.ru_utime
            - before.ru_stime, wall)


def write_inputs(folder, rows):
    with (folder / "pairs.jsonl").open("w") as file:
        for i, (candidate, reference) in enumerate(rows):
            print(json.dumps({"id": str(i), "candidate": candidate,
                              "reference": reference, "language": "cpp"}),
                  file=file)
    tests = [{"vars": {"answer": candidate, "reference": reference}}
             for candidate, reference in rows]
    (folder / "provider.cjs").write_text(PROVIDER)
    (folder / "promptfoo.json").write_text(json.dumps({
        "prompts": ["{{answer}}"], "providers": ["file://provider.cjs"],
        "defaultTest": {"options": {"disableVarExpansion": True},
                        "assert": ASSERTIONS},
        "tests": tests}))


def compare(count, options, main):
    with tempfile.TemporaryDirectory(prefix="evalloop-scoring.") as name:
        folder = pathlib.Path(name)
        write_inputs(folder, make_rows(count))
        ours_command = [options.evalloop, "score", "--pairs", "pairs.jsonl",
                        "--metrics", METRICS, "--out", "ours.jsonl"]
        theirs_command = ["node", main, "eval", "-c", "promptfoo.json", "-j",
                          "4", "--no-cache", "--no-progress-bar", "-o",
                          "theirs.json"]
        cpu_ratios, wall_ratios = [], []
        for turn in range(options.rounds):
            ours = cost(ours_command, folder)
            theirs = cost(theirs_command, folder)
            scored = sum(1 for _ in (folder / "ours.jsonl").open())
            if scored != count:
                sys.exit(f"{scored} of {count} rows were scored")
            cpu_ratios.append(theirs[0] / ours[0])
            wall_ratios.append(theirs[1] / ours[1])
            print(json.dumps({
                "bench": "scoring", "rows": count, "round": turn,
                "cpu_s": ours[0], "wall_s": ours[1], "peer": "promptfoo",
                "peer_cpu_s": theirs[0], "peer_wall_s": theirs[1]}),
                flush=True)
        print(json.dumps({
            "bench": "scoring", "rows": count,
            "cpu_ratio": statistics.median(cpu_ratios),
            "wall_ratio": statistics.median(wall_ratios)}), flush=True)


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--evalloop", required=True)
    parser.add_argument("--promptfoo",
                        default=os.environ.get("EVALLOOP_PROMPTFOO", ""))
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def run():
    options = parse()
    main = pathlib.Path(options.promptfoo or "/nowhere",
                        "node_modules/promptfoo/dist/src/main.js").resolve()
    if not main.exists():
        sys.exit("scoring: promptfoo is not there: npm install --prefix FOLDER "
                 "promptfoo@0.123.1, then EVALLOOP_PROMPTFOO=FOLDER")
    for count in (1000, 1):
        compare(count, options, str(main))


if __name__ == "__main__":
    run()
