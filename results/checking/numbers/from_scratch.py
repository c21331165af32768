"""docs/results.md, "Training from scratch"."""

from ..files import row, rows
from ..statements import holds, percent, say


def statements():
    file, thirty, faster = "docs/results.md", "resnet50v2-30-epochs", "resnet50v2-early-stopping-momentum0.9"
    return [
        say(
            file,
            "That was epoch {:.0f} in all three runs",
            lambda: best_epochs(thirty)[0] if len(set(best_epochs(thirty))) == 1 else float("nan"),
        ),
        say(
            file,
            "So the {:.1f} ± {:.1f} % of these runs",
            percent(lambda: mean(thirty)),
            percent(lambda: deviation(thirty)),
        ),
        say(
            file,
            "the epochs kept are {:.0f}, {:.0f} and {:.0f}, with {:.1f} ± {:.1f} %",
            *[lambda at=at: best_epochs(faster)[at] for at in range(3)],
            percent(lambda: mean(faster)),
            percent(lambda: deviation(faster)),
        ),
        say(
            file,
            "After 30 epochs the training accuracy is {:.0f} to {:.0f} %",
            percent(lambda: last_training_accuracies(thirty)[0]),
            percent(lambda: last_training_accuracies(thirty)[-1]),
        ),
        holds(
            file,
            "With Keras's batch norm, no ending reaches the report's 51 %",
            lambda: all(row["max_accuracy"] < 0.51 for row in endings() if row["statistics"] == "momentum_0.99"),
        ),
        holds(
            file,
            "ResNet-50, of either version, reaches 51 % with no ending that does not look at the test, no statistics and no seed",
            lambda: all(
                row["max_accuracy"] < 0.51
                for row in endings()
                if row["recipe"] in ("resnet50", "resnet50v2") and row["chosen_on"] != "test"
            ),
        ),
        holds(
            file,
            "VGG-16 and GoogLeNet answer with one or two classes, whatever the ending",
            lambda: all(
                row["classes_predicted"] <= 2 for row in endings() if row["recipe"] in ("vgg16-scratch", "googlenet")
            ),
        ),
        say(
            file,
            "DenseNet-201 has {:.1f} % after its last epoch with statistics that are measured again, and {:.1f} % with Keras's",
            percent(lambda: files_row("densenet201", "last_epoch", "measured_again")["accuracy"]),
            percent(lambda: files_row("densenet201", "last_epoch", "momentum_0.99")["accuracy"]),
        ),
    ]


def endings():
    """Each network, ended in each way and tested with each kind of statistics."""
    return rows("results/endings/endings.csv")


def files_row(recipe, ending, statistics):
    """One of them."""
    return row("results/endings/endings.csv", recipe=recipe, ending=ending, statistics=statistics)


def best_epochs(recipe):
    """The epoch whose weights are kept, of each run."""
    return [row["best_epoch"] for row in rows(f"results/{recipe}/runs.csv")]


def mean(recipe, column="accuracy"):
    """The mean over the runs of a folder that is not in summary.csv."""
    values = [row[column] for row in rows(f"results/{recipe}/runs.csv")]
    return sum(values) / len(values)


def deviation(recipe):
    """The standard deviation of the accuracies of such runs."""
    values = [row["accuracy"] for row in rows(f"results/{recipe}/runs.csv")]
    return (sum((value - mean(recipe)) ** 2 for value in values) / (len(values) - 1)) ** 0.5


def last_training_accuracies(recipe):
    """The training accuracy of the last epoch of each run, the lowest first."""
    seeds = [int(row["seed"]) for row in rows(f"results/{recipe}/runs.csv")]
    return sorted(rows(f"results/{recipe}/seed{seed}-history.csv")[-1]["train_accuracy"] for seed in seeds)
