#!/usr/bin/env python3
"""Runs right programs that look dangerous, many at once: none may fail.

    honest.py [--runs N] [--workers N] [--tier TIER]... [--only PART]
              [--foreign]

A file of honest/ is a program with a function solve, a line "# TESTS" (or
"// TESTS"), and its hidden tests; or a line "// CALLS", and calls as
"// [arguments] -> expected". Python's, or with --foreign those of the other
languages. Prints every run that did not pass, and totals; exit code 1 when
there is one.
"""
import argparse
import collections
import itertools
import os
import sys
import threading
import time

import foreign
import kit


def parse(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=0,
                        help="of each tier; default: each program once")
    parser.add_argument("--workers", type=int, default=2 * os.cpu_count())
    parser.add_argument("--tier", action="append", choices=kit.TIERS)
    parser.add_argument("--only", default="")
    parser.add_argument("--foreign", action="store_true")
    return parser.parse_args(arguments)


def programs(part, is_foreign):
    """Names of programs and the orders that check them."""
    found = []
    suffixes = foreign.LANGUAGES if is_foreign else {".py": "python"}
    for path in sorted((kit.HERE / "honest").iterdir()):
        if path.suffix in suffixes and part in path.name:
            why = foreign.missing(path.suffix) if is_foreign else None
            if why is None:
                found.append((path.name, order_of(path, suffixes)))
            else:
                print(f"{path.name}: left out: {why}")
    return found


def order_of(path, languages):
    comment = "# " if path.suffix == ".py" else "// "
    text = path.read_text()
    order = [("order", "check"), ("entry_point", "solve"),
             ("language", languages[path.suffix]), ("timeout_ms", 10_000)]
    program, mark, tests = text.partition("\n" + comment + "TESTS\n")
    if mark:
        return [*order, ("program", program + "\n"), ("tests", tests)]
    program, mark, calls = text.partition("\n" + comment + "CALLS\n")
    order.append(("program", program + "\n"))
    for line in calls.splitlines():
        arguments, _, expected = line.removeprefix(comment).partition(" -> ")
        order.append(("call", arguments + "\n" + expected))
    return order


def work(jobs, lock, tier, failures, times):
    driver = kit.Driver()
    try:
        while True:
            with lock:
                job = next(jobs, None)
            if job is None:
                return
            name, order = job
            answer = driver.ask([("tier", tier), *order])
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
    chosen = programs(options.only, options.foreign)
    if not chosen:
        return 0
    failures = []
    for tier in options.tier or kit.TIERS:
        failures += run_tier(tier, chosen, options.runs, options.workers)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
