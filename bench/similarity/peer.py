"""The Python side of bench/similarity: prints its pairs as JSON lines and an
empty line, then for each name read prints the CPU seconds of one round over all
pairs, and what came out for each."""

import json
import sys
import time

import pairs
from rapidfuzz.distance import Levenshtein
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU, CHRF

bleu = BLEU(effective_order=True)
chrf = CHRF()
rouge = RougeScorer(["rougeL"], use_stemmer=False)


def row(a, b):
    return (bleu.sentence_score(a, [b]).score
            + chrf.sentence_score(a, [b]).score
            + rouge.score(b, a)["rougeL"].fmeasure
            + Levenshtein.normalized_similarity(a, b))


MEASURES = {
    "chrf": lambda a, b: chrf.sentence_score(a, [b]).score,
    "row": row,
    "edit": Levenshtein.distance,
}


def unrelated():
    """Pairs of different snippets, each of about 600 characters."""
    texts = [text for language in pairs.LANGUAGES
             for text in pairs.snippets(language)]
    texts = [(text + "\n") * (600 // len(text) + 1) for text in texts]
    return [(a[:600], b[:600]) for a, b in zip(texts, texts[7:])]


alike = [(a, b) for _, a, b in pairs.code_pairs(1, 300)]
PAIRS = {"chrf": alike, "row": alike, "edit": unrelated() * 20}
for name, some in PAIRS.items():
    for a, b in some:
        print(json.dumps({"name": name, "candidate": a, "reference": b}))
print(flush=True)
for line in sys.stdin:
    name = line.strip()
    measure = MEASURES[name]
    start = time.process_time()
    values = [measure(a, b) for a, b in PAIRS[name]]
    seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "values": values}), flush=True)
