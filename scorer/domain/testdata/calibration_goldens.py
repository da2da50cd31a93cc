#!/usr/bin/env python3
"""Prints the values that calibration_test.cc holds, by scipy and numpy.

The rows come from a generator that both sides have. Needs numpy and scipy
(deploy/local/python).
"""

import numpy as np
from scipy import optimize, stats


def rows(count):
    state = 12345
    out = []

    def draw(bound):
        nonlocal state
        state = (state * 1103515245 + 12345) % 2**31
        return (state >> 8) % bound

    for _ in range(count):
        score = draw(101) / 100  # Coarse, so that there are ties.
        accepted = draw(100) < 20 + 50 * score
        out.append((score, accepted, draw(4)))
    return out


def main():
    data = rows(600)
    x = np.array([r[0] for r in data])
    y = np.array([float(r[1]) for r in data])
    task = np.array([r[2] for r in data])
    print("accepted", int(y.sum()))
    print("pearson %.12f" % stats.pearsonr(x, y).statistic)
    print("spearman %.12f" % stats.spearmanr(x, y).statistic)
    won = pairs = 0.0
    for t in np.unique(task):
        pos, neg = x[(task == t) & (y == 1)], x[(task == t) & (y == 0)]
        won += stats.mannwhitneyu(pos, neg).statistic
        pairs += len(pos) * len(neg)
    print("auc %.12f" % (won / pairs))
    print("brier %.12f" % np.mean((x - y) ** 2))
    order = np.argsort(x, kind="stable")
    xs, ys = x[order], y[order]
    for value in np.unique(xs):
        ys[xs == value] = ys[xs == value].mean()
    ece = sum(len(a) * abs(a.mean() - b.mean())
              for a, b in zip(np.array_split(xs, 15), np.array_split(ys, 15)))
    print("ece %.12f" % (ece / len(xs)))
    levels = np.unique(x)
    means = np.array([y[x == v].mean() for v in levels])
    weights = np.array([(x == v).sum() for v in levels])
    fit = optimize.isotonic_regression(means, weights=weights).x
    starts = [i for i in range(len(fit)) if i == 0 or fit[i] > fit[i - 1] + 1e-12]
    print("steps", len(starts))
    for i in (0, len(starts) // 2, len(starts) - 1):
        print("step %d %.2f %.12f" % (i, levels[starts[i]], fit[starts[i]]))
    print("at .50 %.12f" % fit[levels == 0.5][0])


if __name__ == "__main__":
    main()
