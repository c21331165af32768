"""Two methods in the same cross-validation, by baycomp and scipy: paired.json.

Run with baycomp and scipy installed: python paired.py > paired.json
(baycomp 1.0.3, scipy 1.17, numpy 2.4)
"""

import json
import sys

import numpy as np
from baycomp import CorrelatedTTest
from scipy.stats import binomtest, t

rng = np.random.default_rng(1)
CLASSES, FOLDS = 3, 5


def case(photos, repeats, skill_a, skill_b):
    truth = rng.integers(0, CLASSES, photos)
    folds = np.array([rng.permutation(np.arange(photos) % FOLDS) for _ in range(repeats)])
    easy = rng.random(photos)
    said = []
    for skill in (skill_a, skill_b):
        right = rng.random((repeats, photos)) < np.clip(skill + 0.6 * (easy - 0.5), 0, 1)
        said.append(np.where(right, truth, (truth + 1 + rng.integers(0, CLASSES - 1, (repeats, photos))) % CLASSES))
    a, b = (s == truth for s in said)
    usually_a, usually_b = (2 * right.sum(0) > repeats for right in (a, b))
    only_a, only_b = int((usually_a & ~usually_b).sum()), int((~usually_a & usually_b).sum())
    accuracies = lambda right: np.array([right[r][folds[r] == f].mean() for r in range(repeats) for f in range(FOLDS)])
    x, y = accuracies(a), accuracies(b)
    test = CorrelatedTTest(y, x, runs=repeats)  # it takes the second less the first
    statistic = test.mean / np.sqrt(test.var)
    return {
        "truth": truth.tolist(),
        "folds": folds.tolist(),
        "said": [s.tolist() for s in said],
        "difference": float(a.mean() - b.mean()),
        "only": [only_a, only_b],
        "p_by_photo": float(binomtest(only_a, only_a + only_b).pvalue),
        "mean": float(test.mean),
        "t": float(statistic),
        "freedom": int(test.df),
        "p_by_fold": float(2 * t.sf(abs(statistic), test.df)),
    }


json.dump({"cases": [case(60, 5, 0.7, 0.5), case(43, 5, 0.5, 0.55), case(50, 2, 0.6, 0.5), case(31, 1, 0.4, 0.7)]}, sys.stdout)
