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

# pretrain NAME EPOCHS [OPTION…]: the body's weights after training on drawn faces. Every set is shown 8000 images.
pretrain() {
    local name=$1 epochs=$2
    shift 2
    mkdir -p runs/ablations
    [ -d "runs/ablations/faces-$name" ] || target/release/manga draw "runs/ablations/faces-$name" "$@"
    target/release/manga train recipes/ablations/pretraining/drawn.toml --data "runs/ablations/faces-$name" --seed 101 \
        --epochs "$epochs" --run "runs/ablations/drawn-$name" --resume
}
for name in resnet50-tuned-128 "${names[@]%.toml}"; do
    recipe=recipes/ablations/$name.toml
    [ -f "$recipe" ] || recipe=$name
    case $name in
        with-500-drawn-faces) pretrain 500 16 --count 500 ;;
        with-4000-drawn-faces) pretrain 4000 2 --count 4000 ;;
        with-4000-sharp-drawn-faces) pretrain 4000-sharp 2 --count 4000 --side 256 --balanced ;;
    esac
    target/release/manga cross-validate "$recipe" --data "$photos" --seed 101 --repeats 1 --keep "$kept"
done
target/release/manga leaderboard --predictions "$kept" --against resnet50-tuned-128 --out results/ablations
