"""Recomputes the tables of cross-validation from the predictions, by pandas and SciPy, with nothing of the library's.

    pip install --requirement results/requirements.txt
    python results/recompute.py

Every column of results/leaderboard.csv and of the other tables of the same kind is computed again, from METHOD.csv and METHOD.json
alone, and compared. Prints what differs, and exits with 1 if anything does: a value, an order, or a sign of a difference that is
not that of its test statistics.
"""

import json
import pathlib
import sys

import numpy as np
import pandas as pd
from scipy import stats

HERE = pathlib.Path(__file__).resolve().parent
# Table, its predictions, and what each method is tested against: the next row where it is None.
TABLES = [
    (".", "predictions", None),
    ("final/128", "predictions", "resnet50-tuned-128"),
    ("final/224", "predictions", "resnet50-tuned-224"),
    ("ablations", "ablations/predictions", "resnet50-tuned-128"),
    ("screening/first", "screening/first/predictions", "base-224"),
    ("screening/second", "screening/second/predictions", "faster"),
]
KEYS = ["repeat", "image", "fold", "true"]
BINS = 10
TOLERANCE = 1e-9


def read(path):
    """The predictions of one method: a row for each photo in each repeat, the same order for every method."""
    said = pd.read_csv(path, dtype={"image": str})
    return said.sort_values(["repeat", "image"], ignore_index=True)


def wilson(fraction, photos):
    """The ends of Wilson's 95 % interval of a fraction of so many photos."""
    z = stats.norm.isf(0.025)
    centre = fraction + z**2 / (2 * photos)
    half = z * np.sqrt(fraction * (1 - fraction) / photos + z**2 / (4 * photos**2))
    return (centre - half) / (1 + z**2 / photos), (centre + half) / (1 + z**2 / photos)


def scores(said):
    """Accuracy, its interval, macro F1, recalls and calibration error, means over the repeats."""
    classes = list(said.columns[5:])
    right = said["true"] == said["predicted"]
    photos = said["image"].nunique()
    accuracy = right.groupby(said["repeat"]).mean().mean()
    low, high = wilson(accuracy, photos)
    once = said[said["repeat"] == 0]
    f1, recall = [], []
    for _, repeat in said.groupby("repeat"):
        matrix = pd.crosstab(repeat["true"], repeat["predicted"]).reindex(index=classes, columns=classes, fill_value=0)
        hits, support = np.diag(matrix), matrix.sum(axis=1)
        f1.append((2 * hits / (support + matrix.sum(axis=0))).mean())
        recall.append(hits / support)
    answers = said["predicted"].map(classes.index)
    confidence = pd.Series(said[classes].to_numpy()[said.index, answers])
    bins = np.ceil(confidence * BINS).clip(1, BINS)
    gaps = (confidence - right).groupby(bins).sum().abs()
    return {
        "accuracy": accuracy,
        "low": low,
        "high": high,
        "majority": once["true"].value_counts(normalize=True).max(),
        "macro_f1": np.mean(f1),
        **{f"recall_{name}": value for name, value in zip(classes, np.mean(recall, axis=0))},
        "calibration_error": gaps.sum() / len(said),
    }


def paired(first, second):
    """The tests of the first method's accuracy less the second's, and their statistics."""
    if not first[KEYS].equals(second[KEYS]):
        raise ValueError("two methods are compared on the same photos and folds")
    right = lambda said: (said["true"] == said["predicted"]).astype(float)
    difference = right(first) - right(second)
    if not difference.any():
        nothing = dict.fromkeys(["difference", "difference_low", "difference_high"], 0.0)
        return nothing | {"p_by_photo": 1.0, "p_by_fold": 1.0, "statistics": (0.0, 0.0)}
    # By photo: one number a photo, its mean over the repeats.
    by_photo = stats.ttest_1samp(difference.groupby(first["image"]).mean(), 0)
    interval = by_photo.confidence_interval(0.95)
    # By fold: Nadeau and Bengio's variance, with one part of the photos for the test and the others for training.
    folds, photos = first["fold"].nunique(), first["image"].nunique()
    of_folds = difference.groupby([first["repeat"], first["fold"]]).sum() / (photos / folds)
    error = np.sqrt((1 / len(of_folds) + 1 / (folds - 1)) * of_folds.var(ddof=1))
    t_by_fold = of_folds.mean() / error
    return {
        "difference": difference.mean(),
        "difference_low": interval.low,
        "difference_high": interval.high,
        "p_by_photo": by_photo.pvalue,
        "p_by_fold": 2 * stats.t.sf(abs(t_by_fold), len(of_folds) - 1),
        "statistics": (by_photo.statistic, t_by_fold),
    }


def recomputed(predictions, against=None):
    """The table that belongs to a folder of predictions, from the best method on."""
    said = {path.stem: read(path) for path in sorted(predictions.glob("*.csv"))}
    table = pd.DataFrame({name: scores(one) for name, one in said.items()}).T
    table = table.sort_values("accuracy", ascending=False, kind="stable", key=lambda column: column.round(12))
    versions = {}
    for name in table.index:
        about = predictions / f"{name}.json"
        about = json.loads(about.read_text()) if about.exists() else {}
        table.loc[name, "cpu_minutes"] = about.get("cpu_seconds", np.nan) / 60
        for count in ("parameters", "trainable"):
            table.loc[name, count] = about.get(count, np.nan)
        # Files from before versions were written down are of the first.
        versions[name] = about.get("compute_version", "1") if about else ""
    tests = {}
    for place, name in enumerate(table.index):
        other = against or (table.index[place + 1] if place + 1 < len(table) else name)
        if other != name:
            tests[name] = paired(said[name], said[other])
    return table.astype(float).join(pd.DataFrame(tests).T).assign(compute_version=pd.Series(versions))


def mistakes(file, right):
    """What is not in the CSV file as it should be, in words."""
    found = pd.read_csv(file, index_col="method", dtype={"compute_version": str})
    if list(found.index) != list(right.index):
        return [f"{file}: the methods are {list(found.index)}, and should be {list(right.index)}"]
    missing = sorted(set(right.columns) - {"statistics"} ^ set(found.columns))
    wrong = [f"{file}: the column {name} is in one of both tables only" for name in missing]
    for name in found.columns.intersection(right.columns):
        ours, theirs = found[name], right[name]
        if name == "compute_version":
            differing = (ours.fillna("") != theirs).to_numpy()
        else:
            ours, theirs = ours.astype(float), theirs.astype(float)
            differing = ~np.isclose(ours, theirs, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
        for method in found.index[differing]:
            wrong.append(f"{file}: {name} of {method} is {ours[method]}, and should be {theirs[method]}")
    return wrong + signs(file, found, right["statistics"])


def signs(file, found, statistics):
    """Differences whose sign, or whose interval, is not that of their tests."""
    wrong = []
    for name in statistics.dropna().index:
        row = found.loc[name]
        sign = lambda number: 0 if abs(number) < TOLERANCE else np.sign(number)
        if any(sign(statistic) != sign(row["difference"]) for statistic in statistics[name]):
            wrong.append(f"{file}: the difference of {name} is {row['difference']}, and its statistics are {statistics[name]}")
        outside = row["difference_low"] > 0 or row["difference_high"] < 0
        if outside != (row["p_by_photo"] < 0.05):
            wrong.append(f"{file}: the interval of {name} and its p by photo say different things")
    return wrong


def mistaken_pairs(file, predictions):
    """The same of a file of pairs."""
    wrong = []
    for place, row in pd.read_csv(file).iterrows():
        first, second = (read(predictions / f"{row[name]}.csv") for name in ("first", "second"))
        tests = paired(first, second)
        tests |= {"accuracy_first": scores(first)["accuracy"], "accuracy_second": scores(second)["accuracy"]}
        statistics = pd.Series({place: tests.pop("statistics")})
        for name, value in tests.items():
            if not np.isclose(row[name], value, rtol=TOLERANCE, atol=TOLERANCE):
                wrong.append(f"{file}: {name} of {row['first']} is {row[name]}, and should be {value}")
        wrong += signs(file, row.to_frame(place).T, statistics)
    return wrong


def main():
    wrong = []
    for folder, predictions, against in TABLES:
        wrong += mistakes(HERE / folder / "leaderboard.csv", recomputed(HERE / predictions, against))
    wrong += mistaken_pairs(HERE / "pairs.csv", HERE / "predictions")
    print("\n".join(wrong) or f"{len(TABLES)} leaderboards and pairs.csv are what their predictions give")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
