#!/usr/bin/env bash
# Makes the results on the real photos: results/make.sh DIR, in the project's folder. Runs that are finished are found.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
photos=$(realpath "${1:?usage: results/make.sh DIR}")
cargo build --release

# three NAME OPTION...: one run for each of three seeds, and their comparison.
three() {
    local name=$1 runs=()
    shift
    for seed in 1 2 3; do
        runs+=("runs/$name-seed$seed")
        target/release/manga train resnet50v2 --data "$photos" --epochs 30 --seed "$seed" "$@" --run "${runs[-1]}" --resume
    done
    target/release/manga compare "${runs[@]}" --out "results/$name"
}

three resnet50v2-30-epochs
three resnet50v2-early-stopping --early-stopping=5
three resnet50v2-early-stopping-momentum0.9 --early-stopping=5 --batch-norm-momentum 0.9
target/release/manga draw "$(mktemp -d)/faces" --figure results/drawn-faces.svg
