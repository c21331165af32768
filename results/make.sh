#!/usr/bin/env bash
# Makes the results on the real photos: results/make.sh DIR. Runs that are finished are found; one that was stopped goes on.
set -euo pipefail
photos=$(realpath "${1:?usage: results/make.sh DIR, the photos with a folder for each class}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export photos

recipes=(
    resnet50-frozen vgg16 cited-1 resnet50-last-stages vgg16-last-stage resnet50-whole vgg16-whole googlenet resnet50
    dcnn resnet50-v1.5 densenet201 resnet50v2 cited-3 vgg16-scratch vgg16-zero-one resnet50-frozen-zero-one
)

# train RECIPE SEED: one run, whose lines say which it is.
train() {
    set -o pipefail
    target/release/manga train "$1" --data "$photos" --seed "$2" --threads 1 --run "runs/real/$1-seed$2" --resume 2>&1 |
        sed -u "s/^/$1, seed $2: /"
}
export -f train

cargo build --release
target/release/manga weights vgg16
target/release/manga weights resnet50
# Two runs of one thread each use two cores better than one run of two.
for recipe in "${recipes[@]}"; do
    printf '%s\n' "$recipe "{1,2,3}
done | xargs -P 2 -n 2 bash -c 'train "$@"' train

runs=()
for recipe in "${recipes[@]}"; do
    runs+=("runs/real/$recipe-seed"{1,2,3})
done
target/release/manga compare "${runs[@]}" --out results
target/release/manga draw "$(mktemp -d)/faces" --figure results/drawn-faces.svg

# Cross-validation; features of frozen networks are computed once. The networks
# at 128 and 224 pixels take two and a half and eight CPU minutes for each of 25 fits.
for recipe in majority width knn-pixels knn-hog knn-features ridge-hog ridge-100 ridge-176 ridge-240 ridge-networks \
    ridge-scales ridge-roots vgg16 vgg16-zero-one googlenet resnet50 cited-1 cited-3 resnet50-frozen resnet50-frozen-zero-one \
    resnet50-tuned-128 resnet50-tuned-224 resnet50-tuned-two-sizes resnet50-drawn-128 resnet50-tuned-and-drawn resnet50-drawn-224 resnet50-drawn-two-sizes; do
    target/release/manga cross-validate "$recipe" --data "$photos" --keep results/predictions
done
target/release/manga leaderboard --out results
for size in 128 224; do
    target/release/manga leaderboard --against "resnet50-tuned-$size" --out "results/final/$size"
done
target/release/manga leaderboard --out results \
    --pair resnet50-drawn-128 resnet50-tuned-128 \
    --pair resnet50-drawn-224 resnet50-tuned-224 \
    --pair resnet50-drawn-two-sizes resnet50-tuned-two-sizes
target/release/manga cross-validate ridge-roots --group-by-page --data "$photos" --keep results/grouped

# The learning-rate finder (notebook 5), of the report's networks, each with two optimisers.
for recipe in vgg16 vgg16-zero-one googlenet resnet50v2; do
    seeds=1,2,3
    if [ "$recipe" = resnet50v2 ]; then seeds=1; fi
    for optimizer in adam sgd; do
        target/release/manga find-rate "$recipe" --data "$photos" --optimizer "$optimizer" --from 1e-7 --to 1000 \
            --seed "$seeds" --out "results/finder/$recipe-$optimizer.csv"
    done
done

# What is read from all of these, and a check of the tables by other means: pip install --requirement results/requirements.txt
python3 results/what_helps.py
python3 results/optimism.py
python3 results/pages.py
python3 results/recompute.py
# After all others, whose numbers it reads; those of results/endings are made by `manga endings`.
target/release/manga claims --out results
