#!/usr/bin/env bash
# Was the report's ResNet-50 one with ImageNet's weights, and which scaling did its pixels have? Trains frozen networks in
# three scalings for 30 epochs with the seeds 1, 2 and 3, and keeps the last epoch's weights or the best epoch's:
#
#   results/imagenet_hypothesis.sh DIR [RECIPE…]    DIR: the photos, a folder for each class; without RECIPE, the frozen ones
#
# A run of these takes some fifteen seconds of one core (Zen 5); one of the recipes whose names have all-layers takes minutes. For those of
# ResNet-50 V2 the weights come from your own file, once:
#   target/release/manga weights resnet50v2 --file resnet50v2_weights_tf_dim_ordering_tf_kernels_notop.h5
set -euo pipefail
photos=$(realpath "${1:?the folder of the photos}")
shift
cd "$(dirname "$0")/.."
recipes=("$@")
if [ ${#recipes[@]} = 0 ]; then
    recipes=(vgg16 vgg16-zero-one resnet50-frozen resnet50-frozen-zero-one
        recipes/imagenet-hypothesis/resnet50-frozen-minus-one-one.toml)
fi
cargo build --release
target/release/manga weights vgg16
target/release/manga weights resnet50

runs=()
for recipe in "${recipes[@]}"; do
    name=$(basename "$recipe" .toml)
    for keep in last best; do
        for seed in 1 2 3; do
            run=runs/imagenet-hypothesis/$name-$keep-seed$seed
            target/release/manga train "$recipe" --early-stopping=no --keep "$keep" --data "$photos" --seed "$seed" \
                --threads 1 --run "$run" --resume
            runs+=("$run")
        done
    done
done
out=results/imagenet-hypothesis
# Beside the recipes that are there already.
target/release/manga compare "${runs[@]}" --out "$out" $([ ! -f "$out/summary.csv" ] || echo --add)
