"""Reads the files that the numbers come from. Paths are relative to the project's folder."""

import csv
import functools
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]


def number(text):
    """The text as a float where it is one."""
    try:
        return float(text)
    except ValueError:
        return text


@functools.lru_cache(maxsize=None)
def rows(path):
    """The rows of a CSV file, as dictionaries by the names of the columns."""
    with open(ROOT / path, newline="", encoding="utf-8") as file:
        header, *lines = csv.reader(file)
    for at, line in enumerate(lines, 2):
        if len(line) != len(header):
            raise LookupError(f"{path}:{at} has {len(line)} columns, not {len(header)}")
    return [{name: number(value) for name, value in zip(header, line)} for line in lines]


def row(path, **wanted):
    """The one row whose columns have these values."""
    found = [row for row in rows(path) if all(row.get(name) == value for name, value in wanted.items())]
    if len(found) != 1:
        raise LookupError(f"{path} has {len(found)} rows with {wanted}, not one")
    return found[0]


def summary(recipe):
    """Means over the runs of a recipe on one split: results/summary.csv."""
    rows_here = rows("results/summary.csv")
    return row("results/summary.csv", **{recipe_column(rows_here): recipe})


def recipe_column(rows_here):
    """The column with the recipe's name, which files call by several words."""
    return next(name for name in ("recipe", "experiment", "method", "network") if name in rows_here[0])


def run(recipe, seed, folder="results"):
    """One run on one split: results/RECIPE/runs.csv."""
    return row(f"{folder}/{recipe}/runs.csv", seed=seed)


def method(name, board="results/leaderboard.csv"):
    """A row of a leaderboard."""
    return row(board, **{recipe_column(rows(board)): name})


def predictions(name, folder="results/predictions"):
    """The predictions of a method: of each photo in each repeat the true and the predicted class, and probabilities."""
    return rows(f"{folder}/{name}.csv")


def fraction_right(name, folder="results/predictions"):
    """The mean over photos and repeats of "predicted is true": the accuracy in cross-validation."""
    said = predictions(name, folder)
    return sum(row["true"] == row["predicted"] for row in said) / len(said)


def right_by_photo(name):
    """For each photo, the fraction of the repeats in which the method is right."""
    said = {}
    for row in predictions(name):
        said.setdefault(row["image"], []).append(row["true"] == row["predicted"])
    return {image: sum(right) / len(right) for image, right in said.items()}


def printed(notebook, heading, column):
    """The rows of a table that a notebook printed and that has the column: results/notebooks/NN_NOTEBOOK/CC-HEADING.txt."""
    for path in sorted((ROOT / "results/notebooks").glob(f"[0-9]*_{notebook}/*-{heading}.txt")):
        found = printed_file(path)
        if found and column in found[0]:
            return found
    raise LookupError(f"results/notebooks: no table of notebook {notebook} under {heading} has a column {column}")


def printed_file(path):
    """The rows of a printed table: a title, an empty line, the names of the columns, then rows until an empty line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if len(lines) < 4:
        return []
    headers = columns(lines[2])
    end = next((at for at, line in enumerate(lines) if at > 2 and not line.strip()), len(lines))
    return [printed_row(line, headers) for line in lines[3:end]]


def printed_row(line, headers):
    """A row of a printed table: what is under a column's name, from its left or from its right edge."""
    row = {name: "" for name, _, _ in headers}
    for text, begin, end in columns(line):
        name = min(headers, key=lambda header: min(abs(header[1] - begin), abs(header[2] - end)))[0]
        row[name] = number(text)
    return row


def columns(line):
    """What stands in a line between two or more blanks, each with its begin and end."""
    return [(match.group(), match.start(), match.end()) for match in re.finditer(r"\S+(?: \S+)*", line)]


def printed_cell(notebook, heading, column, **wanted):
    """A cell of a table that a notebook printed: the column of the one row whose other columns have these values."""
    found = [
        row
        for row in printed(notebook, heading, column)
        if all(row.get(name) == value for name, value in wanted.items())
    ]
    if len(found) != 1:
        raise LookupError(f"notebook {notebook}, {heading}: {len(found)} rows with {wanted}, not one")
    return found[0][column]
