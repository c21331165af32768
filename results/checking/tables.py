"""The tables that stand in texts between markers, rendered from the files; and files that are made from files."""

import os
import re
import statistics

from . import files
from .files import ROOT, recipe_column, rows


def link(text, label, path):
    """A Markdown link from a text to a file, both relative to the project's folder."""
    return f"[`{label}`]({os.path.relpath(ROOT / path, (ROOT / text).parent)})"


def table(header, body, right=()):
    """A Markdown table; the columns whose places are in `right` are set to the right."""
    rule = "".join("---:|" if at in right else "---|" for at in range(len(header)))
    return ["| " + " | ".join(header) + " |", "|" + rule] + ["| " + " | ".join(row) + " |" for row in body]


def percent(fraction):
    """A fraction in percent, one decimal."""
    return f"{100 * fraction:.1f}"


def recipes(text):
    """Every recipe on one split: results/summary.csv."""
    summary = rows("results/summary.csv")
    name, version = recipe_column(summary), "compute_version" in summary[0]
    header = ["recipe", "accuracy, mean ± standard deviation of the seeds", "95 % interval of one run", "macro F1"]
    header += ["epochs", "CPU seconds a run", "peak MiB"] + (["computed with"] if version else [])
    body = []
    for row in sorted(summary, key=lambda row: -row["accuracy"]):
        cells = [link(text, row[name], f"results/{row[name]}/runs.csv")]
        cells.append(f"{percent(row['accuracy'])} ± {percent(row['deviation'])} %")
        cells.append(f"{percent(row['low'])} to {percent(row['high'])} %")
        cells += [f"{row['macro_f1']:.2f}", f"{row['epochs']:.0f}"]
        cells += [f"{row['cpu_seconds']:,.0f}", f"{row['peak_memory_mib']:,.0f}"]
        if version:
            known = row["compute_version"]
            cells.append(f"{known:g}" if isinstance(known, float) else known)
        body.append(cells)
    majority = statistics.mode(row["majority"] for row in summary)
    body.append(['always "shock"', f"{percent(majority)} %"] + [""] * (len(header) - 2))
    return table(header, body)


def leaderboard(text, count):
    """The first rows of the leaderboard and its majority class: results/leaderboard.csv."""
    board = rows("results/leaderboard.csv")
    name = recipe_column(board)
    first = board[: int(count)]
    shown = first + [row for row in board if row[name] == "majority" and row not in first]
    body = [
        [
            link(text, row[name], f"results/predictions/{row[name]}.csv"),
            percent(row["accuracy"]),
            f"{percent(row['low'])} to {percent(row['high'])}",
            f"{row['macro_f1']:.2f}",
            f"{row['cpu_minutes']:.0f}",
        ]
        for row in shown
    ]
    return table(["method", "accuracy, %", "95 % interval", "macro F1", "CPU minutes, 25 fits"], body, right=(1, 3, 4))


# The endings that do not look at the test, and the most that looking at it can show.
ENDINGS = [
    ("Keras's early stopping, patience 0", "keras_early_stopping"),
    ("epoch with the lowest validation loss", "best_epoch"),
    ("last epoch", "last_epoch"),
    ("epoch with the highest test accuracy", "highest_test_accuracy"),
]
STATISTICS = ["momentum_0.99", "momentum_0.9", "measured_again", "none"]


def endings(_text, recipe):
    """How a training ends, and by what statistics its batch norms normalise: results/endings/endings.csv."""
    found = {(row["ending"], row["statistics"]): row for row in rows("results/endings/endings.csv") if row["recipe"] == recipe}
    kinds = [kind for kind in STATISTICS if (ENDINGS[0][1], kind) in found]

    def cell(ending, kind):
        row = found[ending, kind]
        seeds = "" if row["seeds"] == 1 else f" ({percent(row['min_accuracy'])} to {percent(row['max_accuracy'])})"
        return percent(row["accuracy"]) + seeds

    body = [[label, *[cell(ending, kind) for kind in kinds]] for label, ending in ENDINGS]
    named = {"momentum_0.99": "momentum 0.99", "momentum_0.9": "momentum 0.9", "measured_again": "measured again", "none": "no batch norm"}
    return table(["weights of", *[named[kind] for kind in kinds]], body, right=range(1, 1 + len(kinds)))


def hypothesis(_text):
    """Frozen networks by the scaling of their pixels: results/imagenet-hypothesis/summary.csv."""
    summary = {row["experiment"]: row for row in rows("results/imagenet-hypothesis/summary.csv")}
    body = []
    for network, name in [("VGG-16", "vgg16"), ("ResNet-50", "resnet50-frozen")]:
        for scaling, end in [("as the weights expect", ""), ("0 to 1", "-zero-one"), ("-1 to 1", "-minus-one-one")]:
            if f"{name}{end}-last" in summary:
                cells = [summary[f"{name}{end}-{kept}"] for kept in ("last", "best")]
                body.append([network, scaling] + [f"{percent(row['accuracy'])} ± {percent(row['deviation'])}" for row in cells])
    return table(["frozen network, new head", "pixels", "last epoch, %", "lowest validation loss, %"], body, right=(2, 3))


def leaks(_text):
    """False and honest accuracies of the leak laboratory, in percent."""
    body = []
    for row in files.printed("leak_laboratory", "all-of-them", "false low"):
        false = f"{percent(row['false'])} ({percent(row['false low'])} to {percent(row['false high'])})"
        honest = f"{percent(row['honest'])} ({percent(row['low'])} to {percent(row['high'])})"
        body.append([row["mistake"], false, honest])
    return [""] + table(["mistake", "false", "honest"], body) + [""]


# Two methods that differ in nothing but that the second learnt 4000 drawn faces first.
PAIRS = [
    ("128 pixels", "resnet50-tuned-128", "resnet50-drawn-128"),
    ("224 pixels", "resnet50-tuned-224", "resnet50-drawn-224"),
    ("the mean of both", "resnet50-tuned-two-sizes", "resnet50-drawn-two-sizes"),
]


def pairs(_text):
    """What drawn faces bring: the mean difference by photo and its 95 % interval, from the predictions."""
    body = []
    for label, without, with_faces in PAIRS:
        low, mean, high = paired_difference(with_faces, without)
        accuracies = [percent(files.method(name)["accuracy"]) for name in (without, with_faces)]
        interval = f"{100 * low:+.1f} to {100 * high:+.1f}"
        body.append([label, *accuracies, f"{100 * mean:+.1f}", interval])
    header = [
        "ResNet-50, fine-tuned",
        "without, %",
        "with 4000 drawn faces, %",
        "difference in points",
        "95 % interval by photo",
    ]
    return table(header, body, right=(1, 2, 3))


def paired_difference(first, second):
    """The mean over photos of one method's fraction right less another's, between the ends of its 95 % interval (normal)."""
    of_first, of_second = files.right_by_photo(first), files.right_by_photo(second)
    differences = [of_first[image] - of_second[image] for image in of_first]
    mean = statistics.fmean(differences)
    half = statistics.NormalDist().inv_cdf(0.975) * statistics.stdev(differences) / len(differences) ** 0.5
    return mean - half, mean, mean + half


SPEEDS = [
    ("ResNet-50 v1.5, training step", "resnet50-v1.5", "train"),
    ("ResNet-50 v1.5, inference", "resnet50-v1.5", "infer"),
    ("ResNet-50 V2, training step", "resnet50v2", "train"),
    ("ResNet-50 V2, inference", "resnet50v2", "infer"),
    ("VGG-16, inference", "vgg16", "infer"),
    ("GoogLeNet with both auxiliary heads, training step", "googlenet", "train"),
    ("DenseNet-201, training step", "densenet201", "train"),
]


def speed(_text):
    """Images per CPU second and peak memory, ours divided by PyTorch's: benches/tables.md."""
    printed = (ROOT / "benches/tables.md").read_text(encoding="utf-8")
    line = r"^{} +{} +\d+ +\d+ +[\d.]+ +[\d.]+ +([\d.]+) \([\d.-]+\) +([\d.]+) +(?:met|not met) +([\d.]+)"
    body = []
    for label, network, work in SPEEDS:
        found = [
            [float(cell) for cell in cells]
            for cells in re.findall(line.format(re.escape(network), work), printed, re.M)
        ]
        ratios, bars, memory = zip(*found)
        ratio = f"{min(ratios):.2f}, {statistics.median(ratios):.2f}, {max(ratios):.2f}"
        in_training = [f"{min(memory):.2f} to {max(memory):.2f}", "0.6"] if work == "train" else ["", ""]
        body.append([label, str(len(found)), ratio, f"{bars[0]:g}", *in_training])
    return table(["work", "pairs", "ours / PyTorch's: lowest, median, highest", "bar", "peak memory", "bar"], body)


RENDERED = {"recipes": recipes, "leaderboard": leaderboard, "leaks": leaks, "endings": endings, "hypothesis": hypothesis, "pairs": pairs, "speed": speed}


def compare_summary():
    """A problem for each recipe whose mean accuracy is not that of its runs."""
    problems = []
    summary = rows("results/summary.csv")
    for row in summary:
        name = row[recipe_column(summary)]
        runs = rows(f"results/{name}/runs.csv")
        mean = statistics.fmean(run["accuracy"] for run in runs)
        if len(runs) != row["runs"] or abs(mean - row["accuracy"]) > 1e-9:
            problems.append(
                f"results/summary.csv: {name} has {row['accuracy']} of {row['runs']:.0f} runs, "
                f"where results/{name}/runs.csv has {mean} of {len(runs)}"
            )
    return problems


# How leaderboard.md writes the columns of leaderboard.csv that a reader sees first.
PRINTED = {
    "accuracy, %": lambda row: percent(row["accuracy"]),
    "95 % interval": lambda row: f"{percent(row['low'])} to {percent(row['high'])}",
    "macro F1": lambda row: f"{row['macro_f1']:.2f}",
}


def compare_leaderboard():
    """A problem for each method whose accuracy is not that of its predictions, or differs in leaderboard.md."""
    problems = []
    board = rows("results/leaderboard.csv")
    name = recipe_column(board)
    for row in board:
        accuracy = files.fraction_right(row[name])
        if abs(accuracy - row["accuracy"]) > 1e-9:
            problems.append(
                f"results/leaderboard.csv: {row[name]} has {row['accuracy']}, "
                f"where results/predictions/{row[name]}.csv has {accuracy}"
            )
    lines = (ROOT / "results/leaderboard.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    header, body = cells[0], cells[2:]
    for column in PRINTED:
        if column not in header:
            problems.append(f"results/leaderboard.md has no column {column}")
    if len(body) != len(board):
        problems.append(f"results/leaderboard.md has {len(body)} rows, where leaderboard.csv has {len(board)}")
    for at, (shown, row) in enumerate(zip(body, board), 3):
        for column, value in zip(header, shown):
            if column in PRINTED and value != PRINTED[column](row):
                wanted = PRINTED[column](row)
                problems.append(
                    f"results/leaderboard.md:{at}: {value} under {column}, where leaderboard.csv has {wanted}"
                )
    return problems
