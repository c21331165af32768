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


def folds_of(labels, groups, folds):
    found = np.empty(len(labels), int)
    for fold, (_, test) in enumerate(StratifiedGroupKFold(folds).split(labels, labels, groups)):
        found[test] = fold
    return found.tolist()


def case(counts, groups, folds, alone):
    """So many samples of each class in so many groups, and `alone` of the samples in groups of their own."""
    while True:
        labels = rng.permutation(np.repeat(np.arange(len(counts)), counts))
        of = rng.integers(0, groups, len(labels)) ** 2 // groups  # small numbers are large groups
        of[rng.permutation(len(labels))[:alone]] = groups + np.arange(alone)
        found = folds_of(labels, of, folds)
        # scikit-learn compares sums of doubles, and where two are equal but for rounding, the rounding decides. The names of the
        # classes change nothing but the order of the sums: cases in which they change the folds are left out.
        names = [rng.permutation(len(counts)) for _ in range(20)]
        if all(folds_of(named[labels], of, folds) == found for named in names):
            return {"labels": labels.tolist(), "groups": of.tolist(), "folds": folds, "of": found}


CASES = [case([56, 37, 102, 53], 60, 5, 0), case([30, 12, 20], 15, 3, 5), case([40, 40], 25, 10, 0), case([9, 7, 8, 16], 7, 2, 3)]
json.dump({"cases": CASES}, sys.stdout)
