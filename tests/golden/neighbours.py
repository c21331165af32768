"""Neighbours, predictions and folds by scikit-learn: neighbours.json.

Run with scikit-learn installed: python neighbours.py > neighbours.json
(scikit-learn 1.9, numpy 2.4)
"""

import json
import sys

import numpy as np
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier

LARGEST_K = 25
rng = np.random.default_rng(1)


def classified(metric, columns, classes):
    labels = rng.integers(0, classes, 60)
    centres = rng.normal(size=(classes, columns))
    rows = lambda labels: np.round(centres[labels] + rng.normal(size=(len(labels), columns)), 4).astype(np.float32)
    known, asked = rows(labels), rows(rng.integers(0, classes, 40))
    predicted, decided = [], []
    for k in range(1, LARGEST_K + 1):
        model = KNeighborsClassifier(k, metric=metric, algorithm="brute").fit(known, labels)
        votes = np.sort(model.predict_proba(asked), axis=1)
        predicted.append(model.predict(asked).tolist())
        # Where two classes have equally many votes scikit-learn takes the smaller label.
        decided.append((votes[:, -1] > votes[:, -2] + 1e-9).tolist())
    return {
        "metric": metric,
        "classes": classes,
        "labels": labels.tolist(),
        "known": [float(f"{v:.4f}") for v in known.ravel()],
        "asked": [float(f"{v:.4f}") for v in asked.ravel()],
        "nearest": model.kneighbors(asked, LARGEST_K, return_distance=False).tolist(),
        "predicted": predicted,
        "decided": decided,
    }


def folds(labels, count):
    parts = StratifiedKFold(count, shuffle=True, random_state=1).split(np.zeros(len(labels)), labels)
    classes = max(labels) + 1
    return {"labels": labels, "folds": count, "counts": [np.bincount(np.array(labels)[test], minlength=classes).tolist() for _, test in parts]}


def labels(counts, order):
    line = [label for label, count in enumerate(counts) for _ in range(count)]
    return line if order == "by class" else rng.permutation(line).tolist() if order == "mixed" else line[::-1]


REAL = [56, 37, 102, 53, 55, 86, 66]
json.dump(
    {
        "classified": [classified("euclidean", 5, 4), classified("cosine", 5, 4), classified("euclidean", 19, 7)],
        "folds": [
            folds(labels(REAL, "by class"), 5),
            folds(labels(REAL, "mixed"), 5),
            folds(labels(REAL, "backwards"), 10),
            folds(labels([3, 7, 4, 11], "mixed"), 3),
            folds(labels([5, 5, 6], "backwards"), 4),
            folds(labels([2, 9], "mixed"), 2),
        ],
    },
    sys.stdout,
)
