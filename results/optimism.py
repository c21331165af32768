"""How much the best of several recipes is flattered by having been chosen: optimism.md.

    pip install --requirement results/requirements.txt
    python results/optimism.py

The photos are halved at random many times. On one half the recipe with the highest accuracy is chosen; its accuracy on the other half,
which had no part in the choice, is what the first half's should have been. The mean of the difference is the optimism of choosing
on half of the photos.
"""

import pathlib

import numpy as np

from recompute import read

HERE = pathlib.Path(__file__).resolve().parent
HALVINGS = 10_000
SEED = 1
FINE_TUNED = ["tuned-128", "tuned-224", "tuned-two-sizes", "drawn-128", "tuned-and-drawn", "drawn-224", "drawn-two-sizes"]
# What was chosen among, its predictions, which of them, and the recipe that the others were changes of.
CHOICES = [
    ("the first screening", "screening/first/predictions", None, "base-224"),
    ("the second screening", "screening/second/predictions", None, "faster"),
    ("the fine-tuned rows of the leaderboard", "predictions", [f"resnet50-{name}" for name in FINE_TUNED], "resnet50-tuned-224"),
]
HEADER = """# How much choosing flatters

Made by `python results/optimism.py`. The photos are halved at random {halvings:,} times; the recipe with the highest accuracy on
one half is chosen, and looked at on both. *Optimism* is the mean of the difference, *its size on all photos* what remains of it when the
choice is made on twice as many (divided by the square root of 2: what is chosen by chance shrinks so). *Gain* is how much better
the chosen recipe is than the one that the others are changes of, on the half that had no part in the choice.

| chosen among | recipes | repeats | best on all photos, % | on the half it was chosen by, % | on the other half, % | optimism, points | its size on all photos | gain on the other half |
|---|---:|---:|---|---:|---:|---:|---:|---:|
"""
FOOTER = """
The optimism is what a chosen recipe owes to these photos and to these fits. The fits of the leaderboard are others, on other folds and
with other seeds; its photos are the same 455. So what was chosen in a screening is still flattered there, by less than these
figures.
"""


def right(folder, names):
    """For each recipe and photo how often it was right: a fraction of the repeats."""
    files = sorted((HERE / folder).glob("*.csv"))
    found, repeats = {}, 0
    for file in files:
        if names is None or file.stem in names:
            said = read(file)
            repeats = said["repeat"].nunique()
            found[file.stem] = (said["true"] == said["predicted"]).groupby(said["image"]).mean()
    return list(found), np.array(list(found.values())), repeats


def halved(right, base):
    """Mean accuracy of the chosen recipe on its half and on the other, and its mean gain over the base there."""
    rng = np.random.default_rng(SEED)
    photos = right.shape[1]
    chosen_by, other, gain = [], [], []
    for _ in range(HALVINGS):
        order = rng.permutation(photos)
        first, second = right[:, order[: photos // 2]].mean(axis=1), right[:, order[photos // 2 :]].mean(axis=1)
        # Of equals one at random, so that their order says nothing.
        best = rng.choice(np.flatnonzero(first == first.max()))
        chosen_by.append(first[best])
        other.append(second[best])
        gain.append(second[best] - second[base])
    return [100 * np.mean(values) for values in (chosen_by, other, gain)]


def main():
    lines = []
    for what, folder, names, base in CHOICES:
        recipes, of_photos, repeats = right(folder, names)
        best = of_photos.mean(axis=1).argmax()
        chosen_by, other, gain = halved(of_photos, recipes.index(base))
        optimism = chosen_by - other
        cells = [what, len(recipes), repeats, f"`{recipes[best]}`, {100 * of_photos[best].mean():.1f}"]
        cells += [f"{chosen_by:.1f}", f"{other:.1f}", f"{optimism:.1f}", f"{optimism / np.sqrt(2):.1f}", f"{gain:+.1f}"]
        lines.append("| " + " | ".join(map(str, cells)) + " |\n")
    (HERE / "optimism.md").write_text(HEADER.format(halvings=HALVINGS) + "".join(lines) + FOOTER)


if __name__ == "__main__":
    main()
