#!/usr/bin/env bash
# What helps fine-tuning: cross-validates each recipe of recipes/ablations once (5 folds, seed 101, which is for trying), and
# tests each against the recipe that all of them differ from in one thing.
#
#   results/ablations.sh DIR        DIR: the photos, a folder for each class
#
# An ablation takes some ten minutes on two cores; stopped, it goes on where it was.
set -euo pipefail
photos=$(realpath "${1:?the folder of the photos}")
cd "$(dirname "$0")/.."
cargo build --release
kept=results/ablations/predictions
for recipe in resnet50-tuned-128 recipes/ablations/*.toml; do
    target/release/manga cross-validate "$recipe" --data "$photos" --seed 101 --repeats 1 --keep "$kept"
done
target/release/manga leaderboard --predictions "$kept" --against resnet50-tuned-128 --out results/ablations
