"""docs/results.md, "On one split, as in the report"."""

from ..files import method, printed_cell, rows, run, summary
from ..statements import given, holds, percent, say

# The recipes of networks that begin with random weights.
FROM_SCRATCH = ["dcnn", "densenet201", "googlenet", "resnet50", "resnet50-v1.5", "resnet50v2", "vgg16-scratch"]


def statements():
    file = "docs/results.md"

    def accuracy(recipe, seed):
        return percent(lambda: run(recipe, seed)["accuracy"])

    def seeds(recipe, column="accuracy"):
        return sorted(row[column] for row in rows(f"results/{recipe}/runs.csv"))

    def of_recipe(recipe, column="accuracy"):
        return percent(lambda: summary(recipe)[column])

    return [
        say(file, '"shock", is right for {:.1f} %', percent(lambda: method("majority")["accuracy"])),
        given(
            file,
            "80 % of the photos are for training, of which a tenth is for validation; 20 % (91 photos)",
            "SplitSettings::default",
        ),
        say(
            file,
            "the seed alone moves `resnet50-last-stages` from {:.0f} to {:.0f} %",
            percent(lambda: seeds("resnet50-last-stages")[0]),
            percent(lambda: seeds("resnet50-last-stages")[-1]),
        ),
        say(file, "ResNet-50 with all but its head frozen has {:.0f} %", of_recipe("resnet50-frozen")),
        given(file, "about the 51 % that the report has", "the report, figure 14"),
        given(file, "The report's ResNet-50 (51 %)", "the report, figure 14"),
        holds(
            file,
            'they have less than always answering "shock"',
            lambda: all(summary(name)["accuracy"] < summary(name)["majority"] for name in ("resnet50", "resnet50v2")),
        ),
        given(file, "The report's GoogLeNet (20 %)", "the report, figure 16"),
        holds(file, "So does ours from scratch, with each of three seeds", lambda: answers_shock("googlenet")),
        holds(
            file,
            'From scratch VGG-16 answers "shock" to every photo, with each seed',
            lambda: answers_shock("vgg16-scratch"),
        ),
        say(
            file,
            "seed 1 ends with two answers and {:.0f} % (notebook 7)",
            percent(lambda: printed_cell("evaluation", "accuracy", "accuracy", experiment="googlenet")),
        ),
        given(file, "The report's VGG-16 (28 %)", "the report, figure 15"),
        say(
            file,
            "what our three seeds give: {:.0f}, {:.0f} and {:.0f} %",
            *[accuracy("vgg16", seed) for seed in (1, 2, 3)],
        ),
        given(file, "Cited work 1 (42 % of 150 photos)", "the report, figure 1"),
        say(
            file,
            "our guess at its settings gives {:.0f} ± {:.0f} %",
            of_recipe("cited-1"),
            of_recipe("cited-1", "deviation"),
        ),
        given(file, "Cited work 2 (32 % of 56 photos)", "the report, figure 2"),
        say(
            file,
            "with the report's settings, has {:.0f}, {:.0f} and {:.0f} %",
            *[accuracy("densenet201", seed) for seed in (1, 2, 3)],
        ),
        say(
            file,
            "Our guess at its settings has {:.0f} ± {:.0f} %",
            of_recipe("cited-3"),
            of_recipe("cited-3", "deviation"),
        ),
        holds(
            file,
            "The published value lies within what the seed changes",
            lambda: seeds("densenet201")[0] < 18 / 56 < seeds("densenet201")[-1],
        ),
        say(file, "the highest mean from scratch, {:.0f} %", of_recipe("dcnn")),
        holds(
            file,
            "the DCNN has the highest mean from scratch",
            lambda: all(summary("dcnn")["accuracy"] >= summary(name)["accuracy"] for name in FROM_SCRATCH),
        ),
        say(
            file,
            "{:.0f} and {:.0f} % after {:.0f} and {:.0f} epochs, and {:.0f} % with a seed for which early stopping "
            "ends the training after {:.0f}",
            *[percent(lambda at=at: dcnn_by_epochs()[at]["accuracy"]) for at in (0, 1)],
            *[lambda at=at: dcnn_by_epochs()[at]["epochs"] for at in (0, 1)],
            percent(lambda: dcnn_by_epochs()[2]["accuracy"]),
            lambda: dcnn_by_epochs()[2]["epochs"],
        ),
        say(
            file,
            "`resnet50-frozen` has {:.1f} % there, and {:.1f} % ({:.1f} to {:.1f} %) in cross-validation",
            of_recipe("resnet50-frozen"),
            *[
                percent(lambda column=column: method("resnet50-frozen")[column])
                for column in ("accuracy", "low", "high")
            ],
        ),
    ]


def answers_shock(recipe):
    """Whether all test photos of all runs got this answer: its recall is 1, that of every other class 0."""
    return all(row["recall"] == (row["class"] == "shock") for row in rows(f"results/{recipe}/classes.csv"))


def dcnn_by_epochs():
    """The runs of the DCNN, the longest first."""
    return sorted(rows("results/dcnn/runs.csv"), key=lambda row: -row["epochs"])
