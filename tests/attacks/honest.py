#!/usr/bin/env python3
"""Runs right programs that look dangerous, many at once: none may fail.

    honest.py [--runs N] [--workers N] [--tier TIER]... [--only PART]

A file of honest/ is a program with a function solve, a line "# TESTS", and its
hidden tests. Prints every run that did not pass, and totals; exit code 1 when
there is one.
"""
import argparse
import collections
import itertools
import os
import sys
import threading
import time

import kit


def parse(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=0,
                        help="of each tier; default: each program once")
    parser.add_argument("--workers", type=int, default=2 * os.cpu_count())
    parser.add_argument("--tier", action="append", choices=kit.TIERS)
    parser.add_argument("--only", default="")
    return parser.parse_args(arguments)


def programs(part):
    found = []
    for path in sorted((kit.HERE / "honest").glob("*.py")):
        program, _, tests = path.read_text().partition("# TESTS\n")
        if part in path.name:
            found.append((path.name, program, tests))
    return found


def work(jobs, lock, tier, failures, times):
    driver = kit.Driver()
    try:
        while True:
            with lock:
                job = next(jobs, None)
            if job is None:
                return
            name, program, tests = job
            answer = driver.ask([
                ("order", "check"), ("tier", tier), ("program", program),
                ("tests", tests), ("entry_point", "solve"),
                ("timeout_ms", 10_000)])
            verdict = answer.get("verdict", answer.get("trouble", b"")).decode()
            times[name].append(int(answer.get("wall_us", b"0")) / 1000)
            if verdict != "passed":
                failures.append((name, verdict))
    finally:
        driver.close()


def run_tier(tier, chosen, runs, workers):
    """The failures."""
    jobs = itertools.islice(itertools.cycle(chosen), runs or len(chosen))
    failures = []
    times = collections.defaultdict(list)
    lock = threading.Lock()
    threads = [threading.Thread(target=work, args=(jobs, lock, tier, failures,
                                                   times))
               for _ in range(workers)]
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - begin
    for name, verdict in failures:
        print(f"{tier}: {name}: {verdict}")
    every = sorted(itertools.chain.from_iterable(times.values()))
    print(f"{tier}: {len(every)} honest runs of {len(chosen)} programs, "
          f"{workers} at once, {len(failures)} false failures; "
          f"{len(every) / seconds:.1f} runs/s, median "
          f"{every[len(every) // 2]:.0f} ms, longest {every[-1]:.0f} ms",
          flush=True)
    return failures


def main(arguments):
    options = parse(arguments)
    chosen = programs(options.only)
    failures = []
    for tier in options.tier or kit.TIERS:
        failures += run_tier(tier, chosen, options.runs, options.workers)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
