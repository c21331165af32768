"""What helps, in one table: what_helps.md, from the tables of paired tests.

    python results/what_helps.py        (after: manga leaderboard --against … and --pair …, as make.sh has them)
"""

import csv
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
# Folder, method that the others are tested against, what it is.
SCREENED = ("screening/first", "base-224", "224 pixels, PyTorch on a GPU, one repeat")
AGAIN = ("screening/second", "faster", "224 pixels, nothing erased, the body's rate doubled; PyTorch on a GPU, three repeats")
OURS = ("ablations", "resnet50-tuned-128", "128 pixels, this project's program, one repeat")
FINAL_128 = ("final/128", "resnet50-tuned-128", "128 pixels, this project's program, five repeats on the seeds of the leaderboard")
FINAL_224 = ("final/224", "resnet50-tuned-224", "the same at 224 pixels")
TABLES = (SCREENED, AGAIN, OURS, FINAL_128, FINAL_224)
# Idea, what is different, where it was tried, the method there.
ROWS = [
    ("Features of stage 3 (`layer3`)", "the head on `layer3` alone, instead of on both", SCREENED, "head-on-layer3-alone"),
    ("", "the head on `layer4` alone", SCREENED, "head-on-layer4-alone"),
    ("Pooling on a grid, 3 x 3 and 2 x 2", "4 x 4 and 3 x 3", SCREENED, "grids-4-and-3"),
    ("", "the mean over the image", OURS, "without-grids"),
    ("Larger photos", "128 pixels instead of 224", SCREENED, "size-128"),
    ("", "160", SCREENED, "size-160"),
    ("", "288", SCREENED, "size-288"),
    ("", "320", SCREENED, "size-320"),
    ("", "160 instead of 128", OURS, "larger"),
    ("Mirrored copies", "none at test", OURS, "without-copies"),
    ("", "none in training", OURS, "without-flips"),
    ("Rotation, zoom, shift", "none", OURS, "without-geometry"),
    ("", "rotation and zoom twice as strong", SCREENED, "rotation-30-zoom-0.3"),
    ("Contrast and brightness", "none", OURS, "without-levels"),
    ("", "twice as strong", SCREENED, "contrast-0.5-brightness-0.2"),
    ("Erasing", "none", SCREENED, "no-erasing"),
    ("", "none", OURS, "without-erasing"),
    ("Thicker and thinner lines", "at random", SCREENED, "ink"),
    ("", "at random", AGAIN, "faster-ink"),
    ("Random down-scaling", "none", SCREENED, "no-downscaling"),
    ("", "none", AGAIN, "faster-no-downscaling"),
    ("", "less of it", SCREENED, "downscaling-96-to-192"),
    ("Label smoothing 0.1", "none", OURS, "without-label-smoothing"),
    ("", "0.2", SCREENED, "label-smoothing-0.2"),
    ("", "0.2", AGAIN, "faster-label-smoothing-0.2"),
    ("Mixup", "with it (0.2)", SCREENED, "mixup"),
    ("", "CutMix", SCREENED, "cutmix"),
    ("How deep is trained", "all of it, instead of all but the first stage", SCREENED, "nothing-frozen"),
    ("", "the last two stages", SCREENED, "frozen-through-layer2"),
    ("Separate rates", "one rate, that of the heads", OURS, "one-rate"),
    ("", "the body's rate doubled", SCREENED, "body-rate-3e-4"),
    ("", "halved", SCREENED, "body-rate-7.5e-5"),
    ("", "the body's rate doubled, and half of it for each stage further in", SCREENED, "stage-decay"),
    ("", "half the rate for each stage further in", AGAIN, "faster-stage-decay"),
    ("Average of the weights", "with it (0.98)", SCREENED, "weight-average"),
    ("Length of training", "28 epochs instead of 14", SCREENED, "epochs-28"),
    ("", "28", AGAIN, "faster-28-epochs"),
    ("Pre-training on drawn faces", "500 of them", OURS, "with-500-drawn-faces"),
    ("", "4000", OURS, "with-4000-drawn-faces"),
    ("", "4000", FINAL_128, "resnet50-drawn-128"),
    ("", "4000", FINAL_224, "resnet50-drawn-224"),
    ("", "4000, all large and sharp", OURS, "with-4000-sharp-drawn-faces"),
    ("Several scales", "copies of two more sizes at test", SCREENED, "test-sizes-192-and-256"),
    ("", "copies of one more size at test", OURS, "two-sizes"),
    ("", "four sizes in training", SCREENED, "train-sizes-160-to-256"),
    ("Several networks", "the mean with one of 160 pixels", AGAIN, "mean-of-224-and-160"),
    ("", "the mean with VGG-16", AGAIN, "mean-of-resnet50-and-vgg16"),
    ("", "the mean of one of 28 epochs and one with thicker lines", AGAIN, "mean-of-28-epochs-and-ink"),
    ("", "the mean with one of 128 pixels", FINAL_224, "resnet50-tuned-two-sizes"),
    ("", "the mean with one of 128 pixels and drawn faces", FINAL_224, "resnet50-tuned-and-drawn"),
    ("", "drawn faces, and the mean with one of 128 pixels and drawn faces", FINAL_224, "resnet50-drawn-two-sizes"),
    ("Another network", "VGG-16 at 160 pixels", SCREENED, "vgg16-160"),
    ("Others", "batches of 16", SCREENED, "batch-16"),
    ("", "weight decay 0.3", SCREENED, "weight-decay-0.3"),
    ("", "dropout 0.25", SCREENED, "dropout-0.25"),
    ("", "sharpness-aware minimisation", SCREENED, "sharpness-aware"),
]


# The three recipes that were run with drawn faces and without, and differ in nothing else.
DRAWN = [(f"resnet50-drawn-{size}", f"resnet50-tuned-{size}") for size in ("128", "224", "two-sizes")]


def rows_of(folder):
    with open(HERE / folder / "leaderboard.csv", newline="") as file:
        return {row["method"]: row for row in csv.DictReader(file)}


def tested(row):
    """The cells of a paired test: the difference with its interval, and both p-values."""
    points = [f"{100 * float(row[name]):+.1f}" for name in ("difference", "difference_low", "difference_high")]
    p = lambda text: "< 0.001" if float(text) < 0.001 else f"{float(text):.3f}"
    return [f"{points[0]} ({points[1]} to {points[2]})", p(row["p_by_photo"]), p(row["p_by_fold"])]


def drawn_faces():
    """The pairs that answer whether drawn faces help."""
    with open(HERE / "pairs.csv", newline="") as file:
        pairs = {(row["first"], row["second"]): row for row in csv.DictReader(file)}
    yield from [
        "## Do drawn faces help?",
        "",
        "Three recipes were run with a first training on 4000 drawn faces and without, and differ in nothing else: 25 fits each, on the",
        "seeds of the leaderboard. [pairs.csv](pairs.csv) has the numbers, by",
        "",
        "```sh",
        "manga leaderboard --out results \\",
    ]
    commands = [f"    --pair {first} {second}" for first, second in DRAWN]
    yield " \\\n".join(commands)
    yield from [
        "```",
        "",
        "| with drawn faces | without | accuracy with, % | without, % | points (95 % interval by photo) | p by photo | p by fold |",
        "|---|---|---:|---:|---|---:|---:|",
    ]
    for first, second in DRAWN:
        row = pairs[first, second]
        accuracies = [f"{100 * float(row[name]):.1f}" for name in ("accuracy_first", "accuracy_second")]
        yield "| " + " | ".join([f"`{first}`", f"`{second}`", *accuracies, *tested(row)]) + " |"
    yield from ["", "The third pair is of the means of the networks above it, so it is not independent of them.", ""]


def main():
    tables = {folder: rows_of(folder) for folder, _, _ in TABLES}
    lines = [
        "# What helps",
        "",
        "Each line changes what it says in a recipe of fine-tuning, and is tested against that recipe. By photo (paired t-test): would these",
        "fits differ on other photos, too? By fold (corrected resampled t-test): would the recipes, trained again? Made by `python",
        "results/what_helps.py`.",
        "",
        *drawn_faces(),
        "## One change at a time",
        "",
        "On seeds for trying but for d and e:",
        "",
    ]
    for letter, (folder, base, what) in zip("abcde", TABLES):
        accuracy = 100 * float(tables[folder][base]["accuracy"])
        lines.append(f"- **{letter}**: [{folder}]({folder}/leaderboard.md), against `{base}` with {accuracy:.1f} %: {what}.")
    lines += [
        "",
        "What helps is above 0 where something is added, and below where it is taken away. One repeat has 455 photos: two points are nine of",
        "them. With so many lines a p-value below 0.05 comes about by chance in two or three, and the largest gain is in part the luckiest",
        "([optimism.md](optimism.md)).",
        "",
        "| idea | what is different | in | points (95 % interval by photo) | p by photo | p by fold |",
        "|---|---|---|---|---:|---:|",
    ]
    letters = dict(zip(TABLES, "abcde"))
    idea, missing = "", []
    for name, what, table, method in ROWS:
        idea = name or idea
        row = tables[table[0]].get(method)
        if row is None:
            missing.append(method)
            continue
        lines.append("| " + " | ".join([idea, what, letters[table], *tested(row)]) + " |")
        idea = ""
    (HERE / "what_helps.md").write_text("\n".join(lines) + "\n")
    if missing:
        print("not run yet:", ", ".join(missing))


if __name__ == "__main__":
    main()
