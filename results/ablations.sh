#!/usr/bin/env bash
# What helps fine-tuning: cross-validates recipes of recipes/ablations once (5 folds, seed 101, which is for trying), and
# tests each against the recipe that all of them differ from in one thing.
#
#   results/ablations.sh DIR [NAME…]        DIR: the photos, a folder for each class; NAME: without it, all of them
#
# An ablation takes some seven minutes on two cores; stopped, it goes on where it was.
set -euo pipefail
photos=$(realpath "${1:?the folder of the photos}")
shift
cd "$(dirname "$0")/.."
names=("$@")
if [ ${#names[@]} = 0 ]; then
    names=(recipes/ablations/*.toml)
    names=("${names[@]##*/}")
fi
cargo build --release
kept=results/ablations/predictions

# The weights of one recipe: of a training on drawn faces of another kind than those that a recipe's `pretraining` draws.
sharp_faces() {
    local faces=runs/ablations/faces-4000-sharp
    mkdir -p runs/ablations
    [ -d "$faces" ] || target/release/manga draw "$faces" --count 4000 --side 256 --balanced
    target/release/manga train recipes/ablations/pretraining/sharp.toml --data "$faces" --seed 101 --epochs 2 \
        --run runs/ablations/drawn-4000-sharp --resume
}

for name in resnet50-tuned-128 "${names[@]%.toml}"; do
    recipe=recipes/ablations/$name.toml
    [ -f "$recipe" ] || recipe=$name
    [ "$name" != with-4000-sharp-drawn-faces ] || sharp_faces
    target/release/manga cross-validate "$recipe" --data "$photos" --seed 101 --repeats 1 --keep "$kept"
done
target/release/manga leaderboard --predictions "$kept" --against resnet50-tuned-128 --out results/ablations
