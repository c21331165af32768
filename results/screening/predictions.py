"""Turns `fits-ROUND-*.jsonl` into `ROUND/predictions/RECIPE.csv`, out-of-fold predictions as `manga leaderboard` reads them.

Of each round those repeats are kept that are complete for all its recipes.
"""

import csv
import glob
import json
import os

import numpy as np

from pack import CLASSES
from recipes import MEANS, ROUNDS


def main():
    packed = np.load("photos.npz")
    names, folds, labels = packed["names"], packed["folds"], packed["labels"]
    for round_name, recipes in ROUNDS.items():
        found = {}
        for path in sorted(glob.glob(f"fits-{round_name}-*.jsonl")):
            with open(path) as file:
                for fit in map(json.loads, file):
                    for photo, probabilities in zip(fit["test"], fit["p"]):
                        found[fit["name"], fit["repeat"], photo] = probabilities
        complete = lambda repeat: all((r, repeat, photo) in found for r in recipes for photo in range(len(names)))
        repeats = [repeat for repeat in range(len(folds)) if complete(repeat)]
        os.makedirs(f"{round_name}/predictions", exist_ok=True)
        means = {name: members for name, members in MEANS.items() if set(members) <= set(recipes)}
        for recipe, members in {**{name: [name] for name in recipes}, **means}.items():
            with open(f"{round_name}/predictions/{recipe}.csv", "w", newline="") as file:
                table = csv.writer(file, lineterminator="\n")
                table.writerow(["image", "repeat", "fold", "true", "predicted", *CLASSES])
                for repeat in repeats:
                    for photo, name in enumerate(names):
                        each = [found[member, repeat, photo] for member in members]
                        probabilities = np.mean(each, axis=0).round(4).tolist()
                        answer = CLASSES[int(np.argmax(probabilities))]
                        true = CLASSES[labels[photo]]
                        table.writerow([name, repeat, folds[repeat, photo], true, answer, *probabilities])


if __name__ == "__main__":
    main()
