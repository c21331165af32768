"""Folds of whole groups with the classes spread evenly, by scikit-learn: grouped_folds.json.

Run with scikit-learn installed: python grouped_folds.py > grouped_folds.json
(scikit-learn 1.9, numpy 2.4)

Nothing is shuffled, so that groups of the same spread of classes are dealt out in the order of their numbers.
"""

import json
import sys

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

rng = np.random.default_rng(1)


def case(counts, groups, folds, alone):
    """So many samples of each class in so many groups, and `alone` of the samples in groups of their own."""
    labels = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    of = rng.integers(0, groups, len(labels)) ** 2 // groups  # small numbers are large groups
    of[rng.permutation(len(labels))[:alone]] = groups + np.arange(alone)
    found = np.empty(len(labels), int)
    for fold, (_, test) in enumerate(StratifiedGroupKFold(folds).split(labels, labels, of)):
        found[test] = fold
    return {"labels": labels.tolist(), "groups": of.tolist(), "folds": folds, "of": found.tolist()}


# Of 8 classes means are exact, so that groups of the same spread are equal to scikit-learn, too: with the 7 of the real set their
# deviations differ in the last digit, and with them the order.
LARGE = [56, 37, 102, 53, 55, 86, 66, 40]
CASES = [case(LARGE, 60, 5, 83), case([30, 12, 20], 15, 3, 10), case([40, 40], 25, 10, 0), case([9, 7, 8], 7, 2, 3)]
json.dump({"cases": CASES}, sys.stdout)
