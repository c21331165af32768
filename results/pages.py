"""Whether photos of a page that a method has learnt from are easier for it: pages.md.

    pip install --requirement results/requirements.txt
    python results/pages.py

A file called page_x_y_width_height was cut from that page. The same page number occurs in several books, which names do not tell
apart: photos of one page number are an upper bound of those that belong together.
"""

import pathlib

import numpy as np
import pandas as pd
from scipy import stats

from recompute import read, wilson

HERE = pathlib.Path(__file__).resolve().parent
PAGE = r"/(\d+)_\d+_\d+_\d+_\d+\.[^.]+$"
BEST = 8
INTRODUCTION = """# Photos and their pages

Made by `python results/pages.py` from the predictions. Of {photos} photos {with_page} are called page_x_y_width_height after the
place that they were cut from, on {pages} pages; {without} have other names. Page numbers repeat from book to book, which the names do not
tell apart: what is called the same page here holds more than belongs together.

## With and without a page in the name

Accuracy in percent, with Wilson's 95 % interval by photo.

Other names come from other sources (screenshots, JPEG files), and methods that cannot recognise a page, as neighbours on HOG,
are worse on them, too. So the difference need not be what a page gives away.

| method | {with_page} photos with a page | {without} photos without |
|---|---|---|
"""
LEARNT = """
## By the number of photos of the same page in the training part

For the {count} best methods, of photos with a page: accuracy in percent, and in how many predictions. Were a page that was learnt from a
help, accuracy would rise from left to right.

| method | none | 1 | 2 | 3 or more |
|---|---|---|---|---|
"""
GROUPED = """
## Folds grouped by page

Photos of one page number are in one fold (`manga cross-validate METHOD --group-by-page --data DIR --keep results/grouped`), so
that no page is learnt from and asked about. *Difference* is grouped less ungrouped, in points, with its 95 % interval by photo (paired t-test of
the means over the repeats). Folds differ, so there is no test by fold. Beside what pages give away the difference has what other
folds give by chance.

| method | ungrouped, % | grouped, % | difference | p by photo |
|---|---:|---:|---|---:|
"""


def pages(images):
    """The page of each photo, as text; missing where its name has none."""
    return images.str.extract(PAGE, expand=False)


def of_photos(said):
    """How often each photo was right: a fraction of the repeats."""
    return (said["true"] == said["predicted"]).groupby(said["image"]).mean()


def same_page_in_training(said):
    """For each prediction how many photos of the same page its fit had learnt from; missing without a page."""
    page = pages(said["image"])
    in_repeat = page.groupby([said["repeat"], page]).transform("size")
    in_fold = page.groupby([said["repeat"], said["fold"], page]).transform("size")
    return in_repeat - in_fold


def percent(right):
    """`83.4 (79.7 to 86.6)` of how often each photo was right."""
    low, high = wilson(right.mean(), len(right))
    return f"{100 * right.mean():.1f} ({100 * low:.1f} to {100 * high:.1f})"


def by_learnt(said):
    """A cell for each number of photos of the same page in the training part."""
    learnt, right = same_page_in_training(said), said["true"] == said["predicted"]
    cells = []
    for rows in (learnt == 0, learnt == 1, learnt == 2, learnt >= 3):
        cells.append(f"{100 * right[rows].mean():.1f} of {rows.sum():,}" if rows.any() else "")
    return cells


def grouped_rows(said):
    """A line for each method that was cross-validated in grouped folds as well."""
    for file in sorted((HERE / "grouped").glob("*.csv")):
        grouped, ungrouped = of_photos(read(file)), of_photos(said[file.stem])
        test = stats.ttest_1samp(grouped - ungrouped, 0)
        low, high = 100 * np.array(test.confidence_interval(0.95))
        points = f"{100 * (grouped.mean() - ungrouped.mean()):+.1f} ({low:+.1f} to {high:+.1f})"
        yield [f"`{file.stem}`", f"{100 * ungrouped.mean():.1f}", f"{100 * grouped.mean():.1f}", points, f"{test.pvalue:.3f}"]


def main():
    methods = list(pd.read_csv(HERE / "leaderboard.csv")["method"])
    said = {method: read(HERE / "predictions" / f"{method}.csv") for method in methods}
    photos = of_photos(said[methods[0]]).index.to_series()
    page = pages(photos)
    line = lambda cells: "| " + " | ".join(cells) + " |\n"
    with_page = page.notna()
    counts = {"photos": len(page), "with_page": with_page.sum(), "without": (~with_page).sum(), "pages": page.nunique()}
    text = INTRODUCTION.format(**counts)
    for method in methods:
        right = of_photos(said[method])
        text += line([f"`{method}`", percent(right[with_page]), percent(right[~with_page])])
    text += LEARNT.format(count=BEST)
    text += "".join(line([f"`{method}`", *by_learnt(said[method])]) for method in methods[:BEST])
    text += GROUPED + "".join(map(line, grouped_rows(said)))
    (HERE / "pages.md").write_text(text)


if __name__ == "__main__":
    main()
