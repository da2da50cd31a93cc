"""Our similarity metrics against the reference implementations, sacrebleu,
rouge-score, RapidFuzz and codebleu, on some thousand pairs: real code, code
broken at random, and hostile text (pairs.py).

By hand, for more pairs and other seeds:
    compare_test.py --text 20000 --code 20000 --seed 5 --show 10
"""

import argparse
import collections
import json
import logging
import math
import os
import pathlib
import subprocess
import sys

import pairs

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import outside_tools

TEXT_TOLERANCE = 1e-6
# Equal where both texts parse in grammars that did not change between the
# versions that codebleu loads and ours. Where a text does not parse,
# tree-sitter mends it in a way of its own in each version; and some grammars
# changed. So many of all pairs may be off by more than a hundredth.
CODE_TOLERANCE = 1e-9
TREE_TOLERANCE = 0.01
TREE_SHARE = 0.06
CHANGED = ("go", "javascript", "rust")
OF_TREES = ("syntax_match_score", "dataflow_match_score", "codebleu")


class OrderedSet(dict):
    """A set in the order in which its members came.

    codebleu puts names into a set and takes them out again as a list: their
    order, and with it the score, changes from run to run. Ours is this one.
    """

    def __init__(self, members=()):
        super().__init__(dict.fromkeys(members))

    def add(self, member):
        self[member] = None


def measure_text(candidate, reference):
    measures = {
        "bleu": BLEU.sentence_score(candidate, [reference]).score,
        "chrf": CHRF.sentence_score(candidate, [reference]).score,
        "edit_similarity": Levenshtein.normalized_similarity(candidate,
                                                             reference),
    }
    # rouge-score fills a table of all pairs of words in plain Python.
    if len(candidate.split()) * len(reference.split()) < 1e6:
        measures["rouge_l"] = ROUGE.score(reference,
                                          candidate)["rougeL"].fmeasure
    return measures


def load_references():
    """Imports them; they are there in the locked Python alone."""
    global BLEU, CHRF, ROUGE, Levenshtein, calc_codebleu, parses
    import codebleu.dataflow_match
    import codebleu.parser.DFG
    import tree_sitter
    from codebleu import calc_codebleu
    from codebleu.utils import get_tree_sitter_language
    from rapidfuzz.distance import Levenshtein
    from rouge_score.rouge_scorer import RougeScorer
    from sacrebleu.metrics import BLEU as Bleu
    from sacrebleu.metrics import CHRF as Chrf
    logging.disable(logging.WARNING)
    BLEU = Bleu(effective_order=True)
    CHRF = Chrf()
    ROUGE = RougeScorer(["rougeL"], use_stemmer=False)
    for module in (codebleu.dataflow_match, codebleu.parser.DFG):
        module.set = OrderedSet

    def parses(text, language):
        parser = tree_sitter.Parser()
        parser.language = get_tree_sitter_language(language)
        return not parser.parse(text.strip().encode()).root_node.has_error


def ours(rows):
    probe = pathlib.Path(os.environ.get("EVALLOOP_BUILD_DIR",
                                        ROOT / "build/dev"),
                         "tests/similarity_probe")
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    done = subprocess.run([probe], input=lines.encode(), check=True,
                          capture_output=True)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


class Differences:
    """Counts those beyond the tolerance and keeps the first few."""

    def __init__(self, shown):
        self.shown = shown
        self.counts = collections.Counter()
        self.largest = collections.defaultdict(float)
        self.first = []

    def compare(self, where, row, got, wanted, tolerance):
        for name, value in wanted.items():
            own = got.get(name, got.get("reason"))
            off = (abs(own - value) if isinstance(own, (int, float))
                   else math.inf)
            if off <= tolerance * max(1.0, abs(value)):
                continue
            self.counts[where, name] += 1
            self.largest[where, name] = max(self.largest[where, name], off)
            if len(self.first) < self.shown:
                self.first.append(f"{where} {name}: ours {own}, theirs {value}"
                                  f"\n  {json.dumps(row)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=int, default=2500)
    parser.add_argument("--code", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=5)
    options = parser.parse_args()
    outside_tools.go_on_with_the_locked_python()
    load_references()
    differences = Differences(options.show)

    rows = [{"candidate": a, "reference": b} for a, b in
            [*pairs.text_pairs(options.seed, options.text),
             *pairs.wide_pairs(options.seed, options.text // 25),
             *pairs.long_pairs(options.seed)]]
    rows += [{"candidate": a, "reference": b} for _, a, b in
             pairs.code_pairs(options.seed + 1, options.text // 4)]
    for row, got in zip(rows, ours(rows), strict=True):
        differences.compare("text", row, got, measure_text(**row),
                            TEXT_TOLERANCE)
    print(f"{len(rows)} pairs of text compared")

    rows = [{"language": language, "candidate": a, "reference": b}
            for language, a, b in pairs.code_pairs(options.seed, options.code)]
    off = 0
    for row, got in zip(rows, ours(rows), strict=True):
        language = row["language"]
        wanted = calc_codebleu([row["reference"]], [row["candidate"]], language)
        off += (abs(got.get("codebleu", math.inf) - wanted["codebleu"])
                > TREE_TOLERANCE * wanted["codebleu"])
        if language in CHANGED or not (parses(row["candidate"], language)
                                       and parses(row["reference"], language)):
            for name in OF_TREES:
                del wanted[name]
        differences.compare(language, row, got, wanted, CODE_TOLERANCE)
    print(f"{len(rows)} pairs of code compared; {off} are off by more than "
          f"{TREE_TOLERANCE:.0%}")
    if off > TREE_SHARE * len(rows):
        differences.counts["trees", "codebleu"] += off

    for text in differences.first:
        print(text)
    for (where, name), count in sorted(differences.counts.items()):
        print(f"{where} {name}: {count} differ, by at most "
              f"{differences.largest[where, name]:.3g}")
    return 1 if differences.counts else 0


if __name__ == "__main__":
    sys.exit(main())
