"""scikit-learn's classification_report and statsmodels' Wilson interval for the cases of tests/metrics.rs.

Run with scikit-learn 1.9.1, numpy 2.4.6 and statsmodels 0.15.0:
    python classification_report.py > classification_report.json
"""

import json

import numpy as np
from sklearn.metrics import classification_report, confusion_matrix
from statsmodels.stats.proportion import proportion_confint

SEVEN = ["0", "1", "2", "3", "4", "5", "6"]
EXPRESSIONS = ["sad", "pleased", "shock", "angry", "crying", "happy", "embarrassed"]


def labels(matrix):
    """Label lists whose confusion matrix is this."""
    pairs = [(t, p) for t, row in enumerate(matrix) for p, n in enumerate(row) for _ in range(n)]
    return [t for t, _ in pairs], [p for _, p in pairs]


def matrix(supports, hits, predictions):
    """Some confusion matrix with these sums of rows, diagonal and sums of columns."""
    m = np.diag(hits)
    missed = np.array(supports) - hits
    extra = np.array(predictions) - hits
    while missed.sum():
        # The row with the most left to place, into the other column with the most room.
        t = max(range(len(hits)), key=lambda i: missed[i] + extra[i] if missed[i] else -1)
        p = max((i for i in range(len(hits)) if i != t), key=lambda i: extra[i])
        assert extra[p] > 0
        m[t, p] += 1
        missed[t] -= 1
        extra[p] -= 1
    assert not extra.any()
    return m.tolist()


def main():
    cases = []

    def add(title, truth, predicted, names):
        n = range(len(names))
        arguments = dict(labels=list(n), target_names=names, zero_division=0)
        correct = int(np.sum(np.array(truth) == predicted))
        cases.append(
            {
                "title": title,
                "classes": names,
                "truth": [int(t) for t in truth],
                "predicted": [int(p) for p in predicted],
                # Left out where it would be most of the file.
                "matrix": confusion_matrix(truth, predicted, labels=list(n)).tolist() if len(names) < 20 else None,
                "text": classification_report(truth, predicted, digits=2, **arguments),
                "report": classification_report(truth, predicted, output_dict=True, **arguments),
                "wilson": list(map(float, proportion_confint(correct, len(truth), method="wilson"))),
            }
        )

    # The report's tables. The counts follow from its precision, recall and support; figure 15 leaves some of them
    # open (three predictions outside of classes 2 and 5, none of them right). Class 0 of figure 14 has an F1 of
    # exactly 0.375: the report prints 0.37, because scikit-learn computed F1 from the quotients until version 1.3.
    supports = [10, 7, 18, 12, 11, 21, 13]
    figure_14 = matrix(supports, [3, 1, 13, 5, 1, 18, 6], [6, 3, 20, 14, 6, 33, 10])
    figure_15 = matrix(supports, [0, 0, 8, 0, 0, 18, 0], [1, 1, 29, 1, 0, 60, 0])
    figure_16 = matrix(supports, [0, 0, 18, 0, 0, 0, 0], [0, 0, 92, 0, 0, 0, 0])
    add("figure 14", *labels(figure_14), SEVEN)
    add("figure 15", *labels(figure_15), SEVEN)
    add("figure 16", *labels(figure_16), SEVEN)
    add("figure 14 with names", *labels(figure_14), EXPRESSIONS)

    add("all right", [0, 1, 2], [0, 1, 2], ["a", "b", "c"])
    add("all wrong", [0, 1, 2], [1, 2, 0], ["a", "b", "c"])
    add("one photo", [0], [0], ["a", "b"])
    add("one class", [0, 0, 0], [0, 0, 0], ["only"])
    add("one class never predicted", [0, 1, 2, 2], [0, 1, 1, 0], ["a", "b", "c"])
    add("one class absent but predicted", [0, 0, 1, 1], [0, 2, 1, 2], ["a", "b", "c"])
    add("one class neither there nor predicted", [0, 0, 1, 1], [0, 1, 1, 1], ["a", "b", "c"])
    add("names longer than 'weighted avg'", [0, 1, 1, 0], [0, 1, 0, 0], ["pleasantly satisfied", "b"])
    add("names that are not ASCII", [0, 1, 1, 0], [0, 1, 0, 0], ["très étonné, déçu", "怒り"])
    # Scores that lie exactly between two decimals: Python rounds 0.125 to 0.12 and 0.375 to 0.38.
    add("eighths", *labels([[1, 7, 0], [7, 1, 0], [0, 5, 3]]), ["a", "b", "c"])
    add("means of eighths", *labels([[1, 7], [4, 4]]), ["a", "b"])
    add("fortieths", *labels([[1, 39], [25, 15]]), ["a", "b"])

    rng = np.random.default_rng(2023)
    for classes in (2, 3, 7, 8, 9, 17, 130):
        for photos in (5, 92, 455):
            truth = rng.integers(0, classes, photos)
            guess = rng.integers(0, classes, photos)
            predicted = np.where(rng.random(photos) < 0.5, truth, guess)
            names = EXPRESSIONS if classes == 7 else [f"class {i}" for i in range(classes)]
            add(f"random, {classes} classes, {photos} photos", truth, predicted, names)
    # Few photos of few classes: many means lie on or next to a border between two decimals.
    for i in range(60):
        classes, photos = int(rng.integers(2, 10)), int(rng.choice([8, 16, 20, 40]))
        truth = rng.integers(0, classes, photos)
        predicted = np.where(rng.random(photos) < 0.6, truth, rng.integers(0, classes, photos))
        add(f"small {i}", truth, predicted, [f"class {c}" for c in range(classes)])

    print("[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]")


main()
