"""The same training in a notebook cell and on the command line, in alternation.

    python benches/notebook_pair.py              (after: cargo build --release, and `manga lab` or `reproduce` once)

Both sides train the same network on the same drawn faces from the same seed, in a run folder each; what counts is the
time that the runs' own history.csv tells, so that starting a kernel or compiling a cell is not in it. Ratios are the
notebook's time divided by the command line's: 1.00 is equally fast. The weights of both must be the same to the byte.
"""

import argparse
import csv
import json
import os
import pathlib
import statistics
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CELL = """\
use manga_expressions::prelude::*;
let mut experiment = Experiment::new("resnet50v2", 1);
experiment.source = Source::Drawn {{ count: {faces}, seed: 1 }};
experiment.preparation.size = {size};
experiment.training.epochs = {epochs};
let outcome = experiment.run("{folder}", false, Progress::lines())?;
"""


def notebook(cell):
    cells = [{"cell_type": "code", "id": "train", "metadata": {}, "source": cell, "outputs": [], "execution_count": None}]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def run(command):
    environment = {key: value for key, value in os.environ.items() if key != "MANGA_DATA"}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def seconds(folder):
    rows = list(csv.DictReader((folder / "history.csv").open()))
    return [sum(float(row[column]) for row in rows) for column in ("seconds", "cpu_seconds")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--faces", type=int, default=140)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--manga", default=str(HERE.parent / "target/release/manga"), help="our program")
    args = parser.parse_args()
    print(f"ResNet-50 V2, {args.faces} drawn faces of {args.size} pixels, {args.epochs} epochs")
    print("pair   notebook s   command line s   ratio   notebook CPU s   command line CPU s   ratio")
    ratios = [[], []]
    with tempfile.TemporaryDirectory() as scratch:
        for pair in range(args.pairs):
            base = pathlib.Path(scratch) / str(pair)
            (base / "notebooks").mkdir(parents=True)
            sides = {"notebook": base / "in-notebook", "command": base / "on-command-line"}
            cell = CELL.format(faces=args.faces, size=args.size, epochs=args.epochs, folder=sides["notebook"])
            (base / "notebooks" / "train.ipynb").write_text(notebook(cell))
            commands = {
                "notebook": [args.manga, "reproduce", "--notebooks", base / "notebooks", "--output", base / "pages"],
                "command": [args.manga, "train", "resnet50v2", "--drawn", str(args.faces), "--size", str(args.size)]
                + ["--epochs", str(args.epochs), "--seed", "1", "--run", sides["command"]],
            }
            for side in sorted(commands, reverse=pair % 2 == 1):
                run(commands[side])
            weights = [(folder / "weights.safetensors").read_bytes() for folder in sides.values()]
            assert weights[0] == weights[1], "the two sides learnt different weights"
            (wall, cpu), (wall_line, cpu_line) = seconds(sides["notebook"]), seconds(sides["command"])
            ratios[0].append(wall / wall_line)
            ratios[1].append(cpu / cpu_line)
            print(
                f"{pair + 1:4} {wall:12.2f} {wall_line:16.2f} {wall / wall_line:7.3f}"
                f" {cpu:16.2f} {cpu_line:20.2f} {cpu / cpu_line:7.3f}",
                flush=True,
            )
    for name, values in zip(("seconds", "CPU seconds"), ratios):
        print(f"{name:12} ratio: min {min(values):.3f}, median {statistics.median(values):.3f}, max {max(values):.3f}")


if __name__ == "__main__":
    main()
