#!/usr/bin/env python3
"""Whole runs (G4): README.md beside it says what is measured and printed.

    run.py [--promptfoo FOLDER] [--rounds 5] [--rows 1000]

FOLDER holds promptfoo's package: npm install --prefix FOLDER promptfoo@0.123.1
(EVALLOOP_PROMPTFOO names it, too).
"""
import argparse
import contextlib
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import bench_stack

ASSERTIONS = [{"type": "equals", "value": "{{reference}}"},
              {"type": "levenshtein", "threshold": 10,
               "value": "{{reference}}"},
              {"type": "rouge-n", "threshold": 0.5, "value": "{{reference}}"}]


def command_cost(command, folder, environment):
    """CPU and wall seconds of a command, and what it wrote."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    done = subprocess.run(command, cwd=folder, env=environment,
                          capture_output=True, text=True, check=False)
    wall = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 100):  # 100: rows failed their assertions.
        sys.exit(f"{command[0]}: {done.stderr[-2000:]}{done.stdout[-2000:]}")
    cpu = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return cpu, wall, done.stdout


class Promptfoo:
    def __init__(self, folder, main, model, rows):
        self._folder, self._rows = folder, len(rows)
        tests = [{"vars": {"question": question, "reference": reference}}
                 for question, _, reference in rows]
        name = f"promptfoo-{len(rows)}.json"
        (folder / name).write_text(json.dumps({
            "prompts": ["{{question}}"],
            "providers": [{"id": "openai:chat:instant",
                           "config": {"apiBaseUrl": model.url,
                                      "apiKey": "none"}}],
            "defaultTest": {"options": {"disableVarExpansion": True},
                            "assert": ASSERTIONS},
            "tests": tests}))
        self._out = folder / f"theirs-{len(rows)}.json"
        self._command = ["node", main, "eval", "-c", name, "-j", "4",
                         "--no-cache", "--no-progress-bar", "-o",
                         str(self._out)]

    def turn(self):
        cpu, wall, _ = command_cost(
            self._command, self._folder, dict(
                os.environ, PROMPTFOO_DISABLE_TELEMETRY="1",
                PROMPTFOO_DISABLE_UPDATE="1",
                PROMPTFOO_CONFIG_DIR=str(self._folder / "config"),
                PROMPTFOO_DISABLE_REMOTE_GENERATION="1"))
        results = json.loads(self._out.read_text())["results"]["results"]
        answered = sum(1 for row in results
                       if row.get("response", {}).get("output"))
        if answered != self._rows:
            sys.exit(f"promptfoo: {answered} of {self._rows} rows answered")
        return {"peer_wall_s": wall, "peer_cpu_s": cpu}


class Evalloop:
    """`evalloop run start --watch`, from its start to its end."""

    def __init__(self, bench, model, rows):
        self._bench, self._rows = bench, len(rows)
        self._model = model
        self._benchmark = f"rows-{len(rows)}"
        bench.import_items(self._benchmark, bench_stack.items_of(rows))

    def turn(self):
        stack = self._bench.stack
        pids = dict(self._bench.pids(), model=self._model.pid)
        before = bench_stack.cpu_of(pids)
        cpu, wall, out = command_cost(
            [bench_stack.BUILD / "bin/evalloop", "--json", "run", "start",
             "--prompt", "answer@1", "--benchmark", self._benchmark, "--watch"],
            stack.home, stack.settings())
        used = {name: seconds - before[name]
                for name, seconds in bench_stack.cpu_of(pids).items()}
        run = json.loads(out)["run_id"]
        stored = stack.number(
            "SELECT count(*) FROM evaluator.run_rows WHERE state = 'scored' "
            f"AND cardinality(metrics) >= 3 AND run_id = '{run}'")
        scores = stack.number("SELECT count(*) FROM scorer.score WHERE subject "
                              f"LIKE 'runs/{run}/%'")
        if stored != self._rows or scores != self._rows:
            sys.exit(f"{stored} rows and {scores} scores of {self._rows} are "
                     "stored" + stack.complaints())
        inside = float(stack.sql(
            "SELECT extract(epoch FROM finish_time - start_time) FROM "
            f"evaluator.runs WHERE run_id = '{run}'")[0][0])
        services = cpu + sum(used[name] for name in bench_stack.SERVICES)
        return {"wall_s": wall, "start_to_finish_s": inside,
                "command_cpu_s": cpu, "services_cpu_s": services,
                "all_cpu_s": services + used["postgres"] + used["kafka"],
                "cpu_s": used}


def compare(ours, theirs, count, rounds):
    """A line of JSON for each round, then one of medians of the rounds'
    ratios."""
    ours.turn()  # Connections, topics and plans are there once.
    turns = []
    for number in range(rounds):
        turn = {"bench": "run", "rows": count, "round": number, **ours.turn(),
                **(theirs.turn() if theirs else {})}
        turns.append(turn)
        print(json.dumps(turn), flush=True)

    def median(value):
        return statistics.median(value(turn) for turn in turns)

    summary = {"bench": "run", "rows": count, "rounds": rounds,
               "rows_per_s": median(lambda t: count / t["wall_s"])}
    if theirs:
        summary.update(
            wall_ratio=median(lambda t: t["peer_wall_s"] / t["wall_s"]),
            services_cpu_ratio=median(
                lambda t: t["peer_cpu_s"] / max(t["services_cpu_s"], 1e-3)),
            all_cpu_ratio=median(
                lambda t: t["peer_cpu_s"] / max(t["all_cpu_s"], 1e-3)))
    print(json.dumps(summary), flush=True)


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--promptfoo",
                        default=os.environ.get("EVALLOOP_PROMPTFOO", ""))
    parser.add_argument("--alone", action="store_true",
                        help="without promptfoo: no ratios")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=1000)
    return parser.parse_args()


def run():
    options = parse()
    main = pathlib.Path(options.promptfoo or "/nowhere",
                        "node_modules/promptfoo/dist/src/main.js").resolve()
    if not options.alone and not main.exists():
        sys.exit("run: promptfoo is not there: npm install --prefix FOLDER "
                 "promptfoo@0.123.1, then EVALLOOP_PROMPTFOO=FOLDER")
    rows = bench_stack.make_rows(options.rows)
    with contextlib.ExitStack() as open_things:
        folder = pathlib.Path(open_things.enter_context(
            tempfile.TemporaryDirectory(prefix="evalloop-run-bench.")))
        model = bench_stack.Model(folder, [answer for _, answer, _ in rows])
        open_things.callback(model.close)
        bench = bench_stack.RunBench(folder, model)
        open_things.callback(bench.close)
        bench.use_likeness()
        for count in (options.rows, 1):
            theirs = None if options.alone else Promptfoo(
                folder, str(main), model, rows[:count])
            compare(Evalloop(bench, model, rows[:count]), theirs, count,
                    options.rounds)


if __name__ == "__main__":
    run()
