"""results/tried.md."""

from ..files import method, predictions
from ..statements import percent, say


def statements():
    file, kept = "results/tried.md", "results/ablations/predictions"
    second = "results/screening/second/leaderboard.csv"

    def right(name):
        return lambda: sum(row["true"] == row["predicted"] for row in predictions(name, kept))

    def interval(name):
        return [percent(lambda column=column: method(name)[column]) for column in ("accuracy", "low", "high")]

    def repeats(name):
        """The accuracy in each repeat."""
        said = predictions(name)
        numbers = sorted({row["repeat"] for row in said})
        of = [[row["true"] == row["predicted"] for row in said if row["repeat"] == number] for number in numbers]
        return [sum(right) / len(right) for right in of]

    def in_repeats(name):
        return [percent(lambda at=at: repeats(name)[at]) for at in range(5)]

    finals = [
        "tuned-128",
        "tuned-224",
        "tuned-two-sizes",
        "drawn-128",
        "tuned-and-drawn",
        "drawn-224",
        "drawn-two-sizes",
    ]
    return [
        say(
            file, "| `resnet50-tuned`: 160 pixels | {:d} | {:.1f} |", right("larger"), lambda: right("larger")() / 4.55
        ),
        say(
            file,
            "| `resnet50-tuned-128`: 128 pixels | {:d} | {:.1f} |",
            right("resnet50-tuned-128"),
            lambda: right("resnet50-tuned-128")() / 4.55,
        ),
        say(
            file,
            "| the mean of the predicted probabilities of both | {:d} | {:.1f} |",
            lambda: both_sizes()["mean right"],
            lambda: both_sizes()["mean right"] / 4.55,
        ),
        say(
            file,
            "The two networks are wrong on {:d} and {:d} photos, {:d} of which are the same",
            *[lambda name=name: both_sizes()[name] for name in ("first wrong", "second wrong", "both wrong")],
        ),
        *[
            say(file, f"| `resnet50-{name}`{after} | {{:.1f}} ({{:.1f}} to {{:.1f}}) |", *interval(f"resnet50-{name}"))
            for name, after in zip(
                finals,
                [
                    "",
                    "",
                    ", the mean of both",
                    "",
                    ", the mean of it and `resnet50-tuned-224`",
                    "",
                    ", the mean of it and `resnet50-drawn-128`",
                ],
            )
        ],
        say(
            file,
            "`resnet50-drawn-128` has {:.1f}, {:.1f}, {:.1f}, {:.1f} and {:.1f} %",
            *in_repeats("resnet50-drawn-128"),
        ),
        say(
            file,
            "`resnet50-drawn-224` has {:.1f}, {:.1f}, {:.1f}, {:.1f} and {:.1f} %",
            *in_repeats("resnet50-drawn-224"),
        ),
        say(
            file,
            "the first row's own five repeats have {:.1f}, {:.1f}, {:.1f}, {:.1f} and {:.1f} %",
            *in_repeats("resnet50-drawn-two-sizes"),
        ),
        say(
            file,
            "`resnet50-tuned-224` had {:.1f} % in the three repeats of the screening by which it was chosen, "
            "and has {:.1f} %",
            percent(lambda: method("faster", second)["accuracy"]),
            percent(lambda: method("resnet50-tuned-224")["accuracy"]),
        ),
    ]


def both_sizes():
    """The networks of 160 and of 128 pixels in the first repeat of the seeds for trying, and their mean."""
    kept = "results/ablations/predictions"
    second = {row["image"]: row for row in predictions("resnet50-tuned-128", kept)}
    first = predictions("larger", kept)
    classes = [name for name in first[0] if name not in ("image", "repeat", "fold", "true", "predicted")]
    counts = {"mean right": 0, "first wrong": 0, "second wrong": 0, "both wrong": 0}
    for row in first:
        other = second[row["image"]]
        counts["mean right"] += max(classes, key=lambda name: row[name] + other[name]) == row["true"]
        wrong, other_wrong = row["true"] != row["predicted"], other["true"] != other["predicted"]
        counts["first wrong"] += wrong
        counts["second wrong"] += other_wrong
        counts["both wrong"] += wrong and other_wrong
    return counts
