#!/usr/bin/env python3
"""Runs the attacks of programs/ against every tier of the sandbox, and against
sandboxes and harnesses from which the protection is missing.

    run.py [--only PART] [--tier TIER]... [--repeats N] [--workers N] [--table]
           [--bounded] [--no-weak]

Prints what broke through, what was not seen to work where its protection is
missing, and totals. Exit code 1: something broke through, or an attack shows
nothing. Sizes are harmless: see the headers of the programs.
"""
import argparse
import collections
import queue
import sys
import threading

import kit

# Evidence that counts against a tier whatever the attack was after.
BREACHES = {"passed", "dirty", "says", "leak", "marker", "connection",
            "victim", "survivor", "memory"}


def parse(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--tier", action="append", choices=kit.TIERS)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--no-weak", action="store_true")
    parser.add_argument("--bounded", action="store_true")
    return parser.parse_args(arguments)


def show(attack, driver, bait):
    """The attack where its protection is missing, tried twice: what a busy
    machine keeps from working once proves nothing."""
    outcome = kit.run_weakly(attack, driver, bait)
    if outcome is None or complaint(outcome) is None:
        return outcome
    return kit.run_weakly(attack, driver, bait)


def work(jobs, outcomes):
    """One worker: its own bait, and its own drivers, one for what is weak.
    None stands for an attack that can't be shown."""
    bait = kit.Bait()
    drivers = {}
    try:
        for weak in (False, True):
            drivers[weak] = kit.Driver(bait.secret, bait.secret_file)
        while True:
            try:
                attack, where = jobs.get_nowait()
            except queue.Empty:
                return
            weak = where == "weak"
            driver = drivers[weak]
            try:
                outcome = (show(attack, driver, bait)
                           if weak else
                           kit.run(attack, where, driver, bait))
            except Exception as error:
                words = f"{type(error).__name__}: {error}"
                outcome = kit.Outcome(attack, where, set(), "", trouble=words)
                driver.process.kill()
                driver.close()
                drivers[weak] = kit.Driver(bait.secret, bait.secret_file)
            outcomes.append(outcome)
    finally:
        for driver in drivers.values():
            driver.close()
        bait.close()


def run_all(jobs, workers):
    waiting = queue.Queue()
    for job in jobs:
        waiting.put(job)
    outcomes = []
    threads = [threading.Thread(target=work, args=(waiting, outcomes))
               for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(outcomes) != len(jobs):
        sys.exit(f"{len(jobs) - len(outcomes)} of {len(jobs)} runs never ended")
    return [outcome for outcome in outcomes if outcome is not None]


def bounded(attacks):
    """A selection for every day: each attack meets one tier at least, and one
    in five is shown to work."""
    jobs = []
    for i, attack in enumerate(attacks):
        jobs.append((attack, kit.TIERS[i % 3 == 2]))
        if i % 5 == 0:
            jobs.append((attack, "weak"))
    return jobs


def is_open(outcome):
    """Whether the tier is known not to hold against this one."""
    return outcome.attack.header.get("open", "").startswith(outcome.where + ":")


def complaint(outcome):
    """What is wrong about an outcome, or None."""
    wanted = set(outcome.attack.header["sees"].split())
    if outcome.trouble:
        return f"trouble: {outcome.trouble}"
    if outcome.where == "weak":
        if wanted & outcome.seen:
            return None
        return "not seen to work where its protection is missing"
    broken = outcome.seen & (BREACHES | wanted)
    if broken and is_open(outcome):
        return None
    return f"BROKE THROUGH: {' '.join(sorted(broken))}" if broken else None


def print_outcomes(outcomes, found, table):
    for outcome, words in found:
        print(f"{outcome.attack.name} [{outcome.where}]: {words}")
        for line in outcome.detail.splitlines()[-8:]:
            print(f"    {line:.200}")
    if table:
        for outcome in sorted(outcomes, key=lambda o: (o.attack.name, o.where)):
            last = [line for line in outcome.detail.splitlines()
                    if line != "ran to its end"][-1:] or [""]
            print(f"{outcome.attack.name:40} {outcome.where:10} "
                  f"{' '.join(sorted(outcome.seen)) or '-':10} "
                  f"{outcome.wall_ms:6.0f} ms  {last[0]:.70}")


def print_totals(attacks, outcomes, found):
    counts = collections.Counter(outcome.where for outcome in outcomes)
    bad = collections.Counter(outcome.where for outcome, _ in found)
    classes = len({attack.number for attack in attacks})
    print(f"{len(attacks)} attacks of {classes} classes")
    for tier in kit.TIERS:
        if counts[tier]:
            over = sorted(o.over_ms for o in outcomes if o.where == tier)
            print(f"{tier}: {counts[tier]} runs, {bad[tier]} broke through or "
                  f"in trouble; latest verdict {over[-1]:.0f} ms after its "
                  "limit, time given back to a busy machine included")
    for outcome in outcomes:
        if is_open(outcome) and outcome.seen:
            print(f"KNOWN TO BREAK THROUGH: {outcome.attack.name}: "
                  f"{outcome.attack.header['open']}")
    shown = counts["weak"] - bad["weak"]
    print(f"seen to work where the protection is missing: {shown} of "
          f"{counts['weak']}")
    for attack in attacks:
        if attack.header["weak"].startswith("none:"):
            print(f"not shown: {attack.name}: {attack.header['weak'][6:]}")


def main(arguments):
    options = parse(arguments)
    attacks = [attack for attack in kit.attacks()
               if options.only in attack.name]
    for why in sorted({why for attack in attacks
                       if (why := kit.missing(attack)) is not None}):
        print(f"left out: {why}")
    attacks = [attack for attack in attacks if kit.missing(attack) is None]
    tiers = options.tier or kit.TIERS
    if options.bounded:
        jobs = bounded(attacks)
    else:
        jobs = [(attack, where) for attack in attacks for where in tiers
                for _ in range(options.repeats)]
        jobs += [(attack, "weak") for attack in attacks
                 if not options.no_weak]
    outcomes = run_all(jobs, options.workers)
    found = [(outcome, words) for outcome in outcomes
             if (words := complaint(outcome)) is not None]
    print_outcomes(outcomes, found, options.table)
    print_totals(attacks, outcomes, found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
