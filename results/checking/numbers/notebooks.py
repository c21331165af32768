"""docs/results.md, "What the notebooks find"."""

from .. import files
from ..files import method, printed_cell
from ..statements import given, holds, percent, say

ABLATIONS = "results/ablations/leaderboard.csv"


def statements():
    file = "docs/results.md"
    asked = "which-mistake-is-it-ask-the-training-photos"
    before = "before-and-after-figure-19"
    both = "scaling and statistics"
    best = "resnet50-drawn-two-sizes"
    learning = "what-would-more-photos-bring"

    def notebook(name, heading, column, **wanted):
        return percent(lambda: printed_cell(name, heading, column, **wanted))

    def lesson(name):
        """The accuracy of a training of notebook 9, from whichever of its two tables has it."""
        found = [
            row["accuracy"]
            for path in sorted((files.ROOT / "results/notebooks").glob(f"*_transfer_learning/*-{before}.txt"))
            for row in files.printed_file(path)
            if row["experiment"] == name
        ]
        return found[0]

    def doubled(method):
        return 100 * (
            printed_cell("how_far", learning, "accuracy", method=method, how="extrapolated", photos=728.0)
            - printed_cell("how_far", learning, "accuracy", method=method, how="extrapolated", photos=364.0)
        )

    def bottom(place):
        cell = printed_cell(
            "maps", "the-mouth-decides-the-claim-tested", "bottom half more than top half", **{"class": "shock"}
        )
        return float(cell.replace("(", " ").replace(")", " ").replace(" to ", " ").split()[place])

    return [
        say(
            file,
            "figure 18: {:.0f} % in training and {:.0f} % in validation",
            notebook("transfer_learning", asked, "training", experiment=both),
            notebook("transfer_learning", asked, "validation", experiment=both),
        ),
        holds(
            file,
            "Neither does so alone",
            lambda: printed_cell("transfer_learning", asked, "training", experiment="wrong scaling") < 0.5
            and printed_cell("transfer_learning", asked, "validation", experiment="batch statistics") > 0.3,
        ),
        say(
            file,
            "the same network has {:.0f} % in the test",
            notebook("transfer_learning", asked, "test, measured again", experiment=both),
        ),
        say(
            file,
            "{:.0f} % (frozen {:.0f} %), where training from scratch has {:.0f} % and ImageNet's weights have {:.0f} to "
            "{:.0f} %",
            percent(lambda: lesson("drawn faces, whole")),
            percent(lambda: lesson("drawn faces, frozen")),
            percent(lambda: lesson("from scratch")),
            percent(lambda: lesson("ImageNet, frozen")),
            percent(lambda: lesson("ImageNet, whole")),
        ),
        given(file, "The report's 76 % of k-NN", "the report, section 3.4"),
        say(
            file,
            "pixels have {:.0f} % and ImageNet's features {:.0f} %",
            notebook("neighbours", "the-accuracy-for-every-k-figure-20", "accuracy", features="pixels 48 x 48", k=19.0),
            notebook(
                "neighbours",
                "the-accuracy-for-every-k-figure-20",
                "accuracy",
                features="ImageNet's resnet50 layer3, 100 px",
                k=19.0,
            ),
        ),
        say(
            file,
            "turns the same {:.0f} % into {:.0f} %",
            notebook("neighbours", "the-accuracy-for-every-k-figure-20", "accuracy", features="pixels 48 x 48", k=19.0),
            notebook(
                "neighbours",
                "the-three-beside-the-honest-curve",
                "accuracy",
                features="pixels, one-vs-rest accuracy",
                k=19.0,
            ),
        ),
        say(file, "`resnet50-drawn-two-sizes`, which has {:.1f} %", percent(lambda: method(best)["accuracy"])),
        say(
            file,
            "{:.0f} % of them are between happy and pleased, sad and crying, or embarrassed and shock, where {:.0f} % would "
            "be expected by chance",
            notebook("how_far", "how-often-are-two-labels-defensible", "of all mistakes", pair="together"),
            notebook("how_far", "how-often-are-two-labels-defensible", "expected", pair="together"),
        ),
        say(
            file,
            "If these counted as right, {:.1f} % would be {:.1f} %",
            percent(lambda: method(best)["accuracy"]),
            notebook("how_far", "every-photo-judged-by-a-network-that-never-saw-it", "within pairs", method=best),
        ),
        say(
            file,
            "{:.1f} % of the answers are right",
            notebook("how_far", "leave-it-to-a-person", "accuracy", promised=0.9),
        ),
        say(
            file,
            "predicts the class of {:.1f} % of the photos ({:.1f} to {:.1f} %)",
            *[percent(lambda column=column: method("width")[column]) for column in ("accuracy", "low", "high")],
        ),
        say(
            file,
            "it has {:.1f} % where all photos are made equally small, and {:.1f} % where all are reduced by one factor",
            notebook("how_far", "is-the-size-of-the-file-used", "accuracy", features="all equally small"),
            notebook("how_far", "is-the-size-of-the-file-used", "accuracy", features="all reduced by one factor"),
        ),
        say(
            file,
            "in one repeat: {:.1f} and {:.1f} %",
            percent(lambda: method("equal-sizes", ABLATIONS)["accuracy"]),
            percent(lambda: method("one-factor", ABLATIONS)["accuracy"]),
        ),
        say(
            file,
            "would bring k-NN on ImageNet's features {:.1f} points and a ResNet-50 with a new head on frozen layers "
            "{:.1f} points",
            lambda: doubled("nearest neighbours, as they are"),
            lambda: doubled("resnet50 here"),
        ),
        say(
            file,
            'costs "shock" {:.2f} more probability than covering the top half, with an interval from {:.2f} to {:.2f}',
            *[lambda place=place: bottom(place) for place in range(3)],
        ),
    ]
