#!/usr/bin/env python3
"""Large runs: 100,000 rows are started, watched, stored, listed, compared and
gated, and no service may need more than 1 GiB. README.md beside it says what is
printed.

    run_large.py [--items 10000] [--samples 10] [--rubric likeness|default]
"""
import argparse
import contextlib
import json
import pathlib
import sys
import tempfile
import time

import bench_stack

BOUND = 1 << 30
PAGE = 1000


class LargeRuns:
    def __init__(self, bench, samples):
        self._bench, self._samples = bench, samples

    def step(self, name, work):
        """Prints what a step took and the largest that each service has been
        since its start."""
        begin = time.monotonic()
        result = work()
        peaks = {service: bench_stack.peak_of(pid)
                 for service, pid in self._bench.pids().items()
                 if service in bench_stack.SERVICES}
        print(json.dumps({"bench": "run_large", "step": name,
                          "wall_s": time.monotonic() - begin,
                          "peak_bytes": peaks}), flush=True)
        return result, peaks

    def run(self):
        return self._bench.cli(
            "run", "start", "--prompt", "answer@1", "--benchmark", "large",
            "--samples", str(self._samples), "--watch", timeout=3600)["run_id"]

    def list_rows(self, run):
        """Every row, page by page."""
        seen, token = 0, ""
        while True:
            page = self._bench.get(
                "evaluator", f"/v1/runs/{run}/rows",
                {"page.page_size": PAGE, "page.page_token": token})
            seen += len(page.get("rows", []))
            token = page.get("next_page_token", "")
            if not token:
                return seen

    def compare(self, baseline, candidate):
        return self._bench.call("evaluator", "/v1/runs:compare", {
            "baseline_run_id": baseline, "candidate_run_id": candidate,
            "max_rows": PAGE})["comparison"]

    def gate(self, baseline):
        """A gate of a candidate that is asked for anew."""
        code, out, err = self._bench.stack.cli(
            "--json", "gate", "--prompt", "answer@1", "--benchmark", "large",
            "--samples", str(self._samples), "--baseline", baseline,
            timeout=3600)
        if code not in (0, 1):
            sys.exit(f"gate: {code} {out}{err}" + self._bench.stack.complaints())


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--samples", type=int, default=10)
    parser.add_argument("--rubric", choices=("likeness", "default"),
                        default="likeness")
    return parser.parse_args()


def main():
    options = parse()
    rows = bench_stack.make_rows(options.items, largest=120)
    with contextlib.ExitStack() as open_things:
        folder = pathlib.Path(open_things.enter_context(
            tempfile.TemporaryDirectory(prefix="evalloop-run-bench.")))
        model = bench_stack.Model(folder, [answer for _, answer, _ in rows])
        open_things.callback(model.close)
        bench = bench_stack.RunBench(folder, model)
        open_things.callback(bench.close)
        if options.rubric == "likeness":
            bench.use_likeness()
        large = LargeRuns(bench, options.samples)
        wanted = options.items * options.samples
        large.step("import", lambda: bench.import_items(
            "large", bench_stack.items_of(rows)))
        first, _ = large.step("run", large.run)
        second, _ = large.step("run again", large.run)
        stored = bench.stack.number(
            "SELECT count(*) FROM evaluator.run_rows WHERE state = 'scored' "
            f"AND run_id IN ('{first}', '{second}')")
        seen, _ = large.step("list", lambda: large.list_rows(second))
        comparison, _ = large.step("compare",
                                   lambda: large.compare(first, second))
        _, peaks = large.step("gate", lambda: large.gate(first))
        print(json.dumps({"bench": "run_large", "rows": wanted,
                          "rubric": options.rubric,
                          "largest_bytes": max(peaks.values()),
                          "bound_bytes": BOUND}), flush=True)
        if stored != 2 * wanted or seen != wanted:
            sys.exit(f"{stored} rows are stored and {seen} listed, not "
                     f"{2 * wanted} and {wanted}")
        pairs = max(int(delta["pairs"]) for delta in comparison["deltas"])
        if pairs != wanted:
            sys.exit(f"{pairs} pairs were compared, not {wanted}")
        if max(peaks.values()) > BOUND:
            sys.exit("a service needed more than 1 GiB")


if __name__ == "__main__":
    main()
