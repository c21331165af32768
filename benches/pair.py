"""Our training step beside PyTorch's, in alternation, so that both see the same machine.

    python benches/pair.py                       (after: cargo build --release; with the packages of requirements.txt)
    python benches/pair.py --network resnet50 --pairs 7 --steps 10

Each pair starts both programs anew, one after the other; who is first changes from pair to pair. What counts is images
per CPU second of the whole process, which other programs on the machine disturb less than the wall clock, and the peak
of resident memory. Ratios are ours divided by PyTorch's: speed above 1 means faster, memory below 1 means less.
"""

import argparse
import json
import os
import pathlib
import shlex
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
KEYS = ("images_per_second", "images_per_cpu_second", "peak_memory_mib")


def measure(command, threads, expected):
    """Runs one side and returns its JSON object."""
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), RAYON_NUM_THREADS=str(threads))
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(command)}\nended with status {done.returncode}")
    try:
        result = json.loads(done.stdout)
    except json.JSONDecodeError as error:
        sys.exit(f"{shlex.join(command)}\ndid not print JSON ({error}):\n{done.stdout[-500:]}")
    results = result if isinstance(result, list) else [result]
    for result in results:
        missing = [key for key in KEYS if key not in result]
        if all(result.get(key) == value for key, value in expected.items()) and not missing:
            return result
    sys.exit(f"{shlex.join(command)}\nreports nothing for {expected} with {', '.join(KEYS)}:\n{done.stdout[-500:]}")


def spread(values):
    return f"{min(values):6.2f}  {statistics.median(values):6.2f}  {max(values):6.2f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", choices=("resnet50v2", "resnet50"), default="resnet50v2")
    parser.add_argument("--work", choices=("train", "infer"), default="train")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--steps", type=int, default=8, help="steps a run, after the warm-up")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--manga", default=str(HERE.parent / "target/release/manga"), help="our program")
    parser.add_argument("--ours", help="another command for our side, instead of manga bench ...")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="also write every run to FILE")
    args = parser.parse_args()

    shared = ["--threads", str(args.threads), "--batch", str(args.batch), "--steps", str(args.steps)]
    ours = [args.manga, "bench", args.network, *shared, "--work", args.work, "--json"]
    sides = {
        "ours": shlex.split(args.ours) if args.ours else ours,
        "torch": [sys.executable, str(HERE / "torch_resnet.py"), args.network, *shared, "--work", args.work],
    }
    expected = {"network": args.network, "work": args.work}
    print(f"{args.network}, {args.work}, batch {args.batch}, {args.threads} thread(s), {args.steps} steps a run")
    print("          images / CPU s              images / s                  peak MiB")
    print("pair     ours   torch  ratio       ours   torch  ratio       ours   torch  ratio")
    runs, ratios = [], {key: [] for key in KEYS}
    for pair in range(args.pairs):
        order = ["ours", "torch"] if pair % 2 == 0 else ["torch", "ours"]
        result = {side: measure(sides[side], args.threads, expected) for side in order}
        cells = []
        for key in ("images_per_cpu_second", "images_per_second", "peak_memory_mib"):
            a, b = result["ours"][key], result["torch"][key]
            ratios[key].append(a / b)
            digits = 0 if key == "peak_memory_mib" else 2
            cells.append(f"{a:7.{digits}f} {b:7.{digits}f} {a / b:6.2f}")
        print(f"{pair + 1:4}  " + "    ".join(cells), flush=True)
        runs.append({"first": order[0], **result})
    print("\nratio                    min  median     max")
    for key, name in (
        ("images_per_cpu_second", "images per CPU second"),
        ("images_per_second", "images per second"),
        ("peak_memory_mib", "peak memory"),
    ):
        print(f"{name:22} {spread(ratios[key])}")
    # What importing torch alone takes depends on its build, so the stricter comparison stands beside it.
    without = [
        run["ours"]["peak_memory_mib"] / (run["torch"]["peak_memory_mib"] - run["torch"]["imported_memory_mib"])
        for run in runs
    ]
    print(f"{'memory, torch net':22} {spread(without)}   (torch's peak less what importing it took)")
    if args.json:
        args.json.write_text(json.dumps({"settings": expected | {"batch": args.batch}, "runs": runs}, indent=1) + "\n")


if __name__ == "__main__":
    main()
