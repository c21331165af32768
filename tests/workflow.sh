#!/usr/bin/env bash
# The workflow on drawn faces, two jobs at a time: a fit is killed, then snakemake itself, and what is made in the end is, to
# the byte, what one process makes. Usage: tests/workflow.sh MANGA
# Snakemake goes into the user's cache folder, once. Linux only: processes are looked for in /proc.
set -euo pipefail
manga=$(realpath "${1:?usage: tests/workflow.sh MANGA, the program as it is built}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
project=$PWD

environment=${XDG_CACHE_HOME:-$HOME/.cache}/manga-expressions-ci/snakemake
if ! cmp -s workflow/requirements.txt "$environment/requirements.txt"; then
    python3 -m venv --clear "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement workflow/requirements.txt
    cp workflow/requirements.txt "$environment/requirements.txt"
fi

folder=$(mktemp -d)
snakemake= # Its process, while one runs in the background.
finish() {
    [ -z "$snakemake" ] || kill "$snakemake" 2>/dev/null || true
    for fit in 1.1 1.2; do
        kill $(processes "$fit") 2>/dev/null || true
    done
    rm -rf "$folder"
}
trap finish EXIT

fail() {
    echo "$1" >&2
    tail -n 40 "$folder"/*.log >&2 || true
    exit 1
}

# The processes of a fit of this test.
processes() {
    local process
    for process in /proc/[0-9]*; do
        if [ "$(readlink "$process/exe")" = "$manga" ] && tr '\0' ' ' <"$process/cmdline" | grep -q -- "$folder.* --fit $1 "; then
            basename "$process"
        fi
    done 2>/dev/null
}

# Waits until a fit has `$2` epochs behind it and is not finished.
until_epoch() {
    local run=$tiny/repeat1-fold${1#*.} waited=0
    until [ -f "$run/history.csv" ] && [ "$(wc -l <"$run/history.csv")" -gt "$2" ]; do
        sleep 0.05
        waited=$((waited + 1))
        [ "$waited" -lt 2400 ] || fail "fit $1 had not trained $2 epochs after two minutes"
    done
    [ ! -f "$run/result.json" ] || fail "fit $1 was finished before it could be killed: give tiny.toml more epochs"
}

cd "$folder"
"$manga" draw faces --count 56
cat >tiny.toml <<'END'
# A small network, for as many epochs as it takes to be killed in between.
network = "dcnn"

[preparation]
size = 24
channels = 1

[training]
epochs = 40
batch_size = 16
END
cat >mean.toml <<END
# The mean of two methods, one of which is asked for only here.
method = "ensemble"
of = ["$folder/tiny.toml", "majority"]
END
cat >config.yaml <<END
photos: $folder/faces
recipes: [$folder/tiny.toml, $folder/mean.toml]
folds: 2
repeats: 1
seed: 7
manga: $manga
END
tiny=$folder/runs/cross-validation/tiny-seed7
workflow=(
    "$environment/bin/snakemake" --snakefile "$project/workflow/Snakefile" --profile "$project/workflow/profiles/local"
    --configfile "$folder/config.yaml" --directory "$folder"
)

# What one process makes.
for recipe in tiny mean; do
    (
        mkdir -p one-process && cd one-process
        "$manga" cross-validate "$folder/$recipe.toml" --data ../faces --folds 2 --repeats 1 --seed 7 --jobs 2 --keep .
    ) >one-process.log 2>&1 || fail "the one process failed"
done

"${workflow[@]}" >killed.log 2>&1 &
snakemake=$!
until_epoch 1.1 4
kill -KILL $(processes 1.1)
# Its last epoch may be made again, those before are not: their times stay.
head -n 4 "$tiny/repeat1-fold1/history.csv" >before.csv
[ ! -f "$tiny/repeat1-fold1/result.json" ] || fail "the kill came too late"
# Tried again alone, and killed no more: now it is snakemake's turn.
until_epoch 1.1 12
kill -KILL "$snakemake"
wait "$snakemake" 2>/dev/null || true
snakemake=
! compgen -G "runs/workflow/version*-seed7-folds2/tiny/1.1.json" >/dev/null || fail "a fit counts as done before it is"
grep -q "Trying to restart job" killed.log || fail "the fit that was killed was not tried again"

# The fits that it had started may still be at work; a second process in a run's folder waits for the first.
"${workflow[@]}" --unlock >unlock.log 2>&1 || fail "snakemake --unlock failed"
"${workflow[@]}" >resumed.log 2>&1 || fail "the workflow did not go on"
for recipe in tiny mean; do
    cmp "one-process/$recipe.csv" "runs/leaderboard/predictions/$recipe.csv" || fail "$recipe: not the predictions of one process"
done
head -n 4 "$tiny/repeat1-fold1/history.csv" | cmp - before.csv || fail "the fit began again instead of going on"

# Nothing is left to do, and the profiles for clusters are understood.
"${workflow[@]}" --dry-run >again.log 2>&1 || fail "snakemake --dry-run failed"
grep -q "Nothing to be done" again.log || fail "there is something left to do"
for profile in slurm kubernetes; do
    # In the place of what the profile for Kubernetes names on its volume and in its image.
    "${workflow[@]}" --profile "$project/workflow/profiles/$profile" --config manga="$manga" photos="$folder/faces" \
        folder="$folder" --dry-run >"$profile.log" 2>&1 || fail "$profile: dry run"
done
echo "the workflow, killed twice, made the predictions of one process"
