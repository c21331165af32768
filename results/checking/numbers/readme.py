"""README.md."""

from ..files import method, printed_cell
from ..statements import given, percent, say


def statements():
    file = "README.md"
    return [
        say(
            file,
            "ours has {:.1f} % on pixels and {:.1f} % on ImageNet's features",
            percent(lambda: method("knn-pixels")["accuracy"]),
            percent(lambda: method("knn-features")["accuracy"]),
        ),
        given(file, "The report's k-NN has 76 %", "the report, section 3.4"),
        given(file, "k-nearest neighbours, and the 76 %", "the report, section 3.4"),
        given(file, "three ways to a false 76 %", "the report, section 3.4"),
        say(file, "For answers drawn by lot the mean of the one-vs-rest accuracies is {:.0f} %", lots("false")),
        given(file, "The report's ResNet-50 has 51 %", "the report, figure 14"),
    ]


def lots(column):
    """Answers drawn by lot, one-vs-rest: notebook 14."""
    name = "lots, one-vs-rest accuracy"
    return percent(lambda: printed_cell("leak_laboratory", "all-of-them", column, mistake=name))
