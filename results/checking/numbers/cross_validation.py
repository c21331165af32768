"""docs/results.md, "In cross-validation" and "Do drawn faces help?"; results/README.md on pages."""

from ..files import fraction_right, method, rows
from ..statements import percent, say

ABLATIONS = "results/ablations/leaderboard.csv"


def statements():
    file = "docs/results.md"

    def accuracy(name, board="results/leaderboard.csv"):
        return percent(lambda: method(name, board)["accuracy"])

    def gain():
        return 100 * (
            method("with-500-drawn-faces", ABLATIONS)["accuracy"] - method("resnet50-tuned-128", ABLATIONS)["accuracy"]
        )

    return [
        say(
            file, "[`resnet50-drawn-224`](../recipes/resnet50-drawn-224.toml), {:.1f} %", accuracy("resnet50-drawn-224")
        ),
        say(
            file, "[`resnet50-tuned-224`](../recipes/resnet50-tuned-224.toml), {:.1f} %", accuracy("resnet50-tuned-224")
        ),
        say(file, "The first row, {:.1f} %, is the mean", lambda: 100 * rows("results/leaderboard.csv")[0]["accuracy"]),
        say(file, "500 drawn faces instead of 4000 bring {:.1f} points at 128 pixels", gain),
        say(
            "results/README.md",
            "In folds that keep them together `ridge-roots` has {:.1f} %, and {:.1f} % in those of the leaderboard",
            percent(lambda: fraction_right("ridge-roots", "results/grouped")),
            accuracy("ridge-roots"),
        ),
    ]
