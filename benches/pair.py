"""Our speed and memory beside PyTorch's, in alternation, so that both see the same machine.

    python benches/pair.py                       (after: cargo build --release; with the packages of requirements.txt)
    python benches/pair.py --network resnet50 --pairs 7 --steps 10
    python benches/pair.py --table --threads 1 2 --batch 16 32

Each pair starts both programs again, one after the other; who is first changes from pair to pair. What counts is images
per CPU second of the whole process, which other programs on the machine disturb less than the wall clock, and the peak
of resident memory. Ratios are ours divided by the other's: speed above 1 means faster, memory below 1 means less.

With `--table` all networks are paired, and the medians stand beside what we ask of them.
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
CPU, WALL, MEMORY = KEYS = ("images_per_cpu_second", "images_per_second", "peak_memory_mib")
NETWORKS = ("resnet50v2", "resnet50", "resnet50-v1.5", "vgg16", "googlenet", "densenet201")
# Network, work, and the least ratio of images per CPU second that we ask for.
ROWS = (
    ("resnet50-v1.5", "train", 1.15),
    ("resnet50-v1.5", "infer", 1.15),
    ("resnet50v2", "train", 1.15),
    ("resnet50v2", "infer", 1.15),
    ("vgg16", "infer", 1.4),
    ("googlenet", "train", 1.1),
    ("densenet201", "train", 1.1),
)
# The most memory of a training step.
MEMORY_BAR = 0.6
# The least that two threads give, as a ratio of images per second on one.
THREADS_BAR = 1.8


def measure(command, threads, expected):
    """Runs one side and returns its JSON object."""
    return result_of(started(command, threads), expected)


def started(command, threads):
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), RAYON_NUM_THREADS=str(threads))
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def result_of(process, expected):
    """Waits for a side and returns its JSON object."""
    command = process.args
    stdout, stderr = process.communicate()
    if process.returncode != 0:
        sys.exit(f"{shlex.join(command)}\nended with status {process.returncode}:\n{stderr[-500:]}")
    try:
        result = json.loads(stdout)
    except json.JSONDecodeError as error:
        sys.exit(f"{shlex.join(command)}\ndid not print JSON ({error}):\n{stdout[-500:]}")
    results = result if isinstance(result, list) else [result]
    for result in results:
        missing = [key for key in KEYS if key not in result]
        if all(result.get(key) == value for key, value in expected.items()) and not missing:
            return result
    sys.exit(f"{shlex.join(command)}\nreports nothing for {expected} with {', '.join(KEYS)}:\n{stdout[-500:]}")


def options_of(args, work, threads, batch):
    return ["--threads", str(threads), "--batch", str(batch), "--steps", str(args.steps), "--work", work]


def pairs(args, network, work, threads, batch, other="torch"):
    """Measures pair after pair: `{"ours": …, other: …}`."""
    options = options_of(args, work, threads, batch)
    ours = [args.manga, "bench", network, *options, "--json"]
    python = {"torch": sys.executable, "keras": args.keras or sys.executable}[other]
    sides = {
        "ours": shlex.split(args.ours) if args.ours else ours,
        other: [python, str(HERE / f"{other}_bench.py"), network, *options],
    }
    for pair in range(args.pairs):
        order = list(sides) if pair % 2 == 0 else list(reversed(sides))
        yield {side: measure(sides[side], threads, {"network": network, "work": work}) for side in order}


def two_at_once(args, network, work, batch):
    """Images per second of two programs of one thread each, started together: what this machine's second core can bring."""
    command = [args.manga, "bench", network, *options_of(args, work, 1, batch), "--json"]
    both = [started(command, 1), started(command, 1)]
    return sum(result_of(process, {"network": network, "work": work})[WALL] for process in both)


def ratio(run, key):
    ours, other = (run[side][key] for side in sorted(run, key=lambda side: side != "ours"))
    return ours / other


def spread(values):
    return f"{min(values):6.2f}  {statistics.median(values):6.2f}  {max(values):6.2f}"


def single(args):
    """One network, pair by pair."""
    network, work, threads, batch = args.network, args.work, args.threads[0], args.batch[0]
    print(f"{network}, {work}, batch {batch}, {threads} thread(s), {args.steps} steps a run")
    print("          images / CPU s              images / s                  peak MiB")
    print("pair     ours   torch  ratio       ours   torch  ratio       ours   torch  ratio")
    runs = []
    for run in pairs(args, network, work, threads, batch):
        cells = []
        for key in KEYS:
            digits = 0 if key == MEMORY else 2
            cells.append(f"{run['ours'][key]:7.{digits}f} {run['torch'][key]:7.{digits}f} {ratio(run, key):6.2f}")
        runs.append(run)
        print(f"{len(runs):4}  " + "    ".join(cells), flush=True)
    print("\nratio                    min  median     max")
    for key, name in ((CPU, "images per CPU second"), (WALL, "images per second"), (MEMORY, "peak memory")):
        print(f"{name:22} {spread([ratio(run, key) for run in runs])}")
    # What importing torch alone takes depends on its build, so the stricter comparison stands beside it.
    without = [
        run["ours"][MEMORY] / (run["torch"][MEMORY] - run["torch"]["imported_memory_mib"]) for run in runs
    ]
    print(f"{'memory, torch net':22} {spread(without)}   (torch's peak less what importing it took)")
    return runs


def verdict(value, bar, at_least=True):
    met = value >= bar if at_least else value <= bar
    return f"{bar:5.2f}  {'met' if met else 'not met':7}"


def table(args):
    """All networks: medians beside the bars."""
    print("images per CPU second and peak memory, ours / PyTorch's; medians of", args.pairs, "pairs of", args.steps, "steps")
    print("network        work   threads batch     ours   torch   ratio (min-max)    bar  verdict   memory    bar  verdict")
    runs, wall = [], {}
    for threads in args.threads:
        for batch in args.batch:
            for network, work, bar in ROWS:
                row = list(pairs(args, network, work, threads, batch))
                runs += row
                median = lambda side, key: statistics.median(run[side][key] for run in row)
                ratios = [ratio(run, CPU) for run in row]
                middle, memory = statistics.median(ratios), statistics.median(ratio(run, MEMORY) for run in row)
                wall[network, work, batch, threads] = median("ours", WALL)
                cells = f"{network:14} {work:6} {threads:7} {batch:5} {median('ours', CPU):8.2f} {median('torch', CPU):7.2f}"
                cells += f" {middle:7.2f} ({min(ratios):.2f}-{max(ratios):.2f})  {verdict(middle, bar)} {memory:7.2f}  "
                print(cells + (verdict(memory, MEMORY_BAR, False) if work == "train" else ""), flush=True)
    if {1, 2} <= set(args.threads):
        print("\nimages per second: ours on 2 threads / on 1; and two programs of 1 thread at once / one alone")
        for network, work, _ in ROWS:
            for batch in args.batch:
                alone = wall[network, work, batch, 1]
                gain, most = wall[network, work, batch, 2] / alone, two_at_once(args, network, work, batch) / alone
                print(f"{network:14} {work:6} batch {batch:3} {gain:7.2f}  {verdict(gain, THREADS_BAR)} {most:7.2f}", flush=True)
    if args.keras:
        print("\nbeside Keras (TensorFlow)")
        for threads in args.threads:
            row = list(pairs(args, "resnet50v2", "train", threads, args.batch[0], "keras"))
            runs += row
            cells = [f"{statistics.median(run[side][CPU] for run in row):8.2f}" for side in ("ours", "keras")]
            speed, memory = (spread([ratio(run, key) for run in row]) for key in (CPU, MEMORY))
            print(f"resnet50v2     train  {threads:7} {args.batch[0]:5} {' '.join(cells)}   ratio {speed}   memory {memory}")
    return runs


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", action="store_true", help="all networks beside what we ask of them")
    parser.add_argument("--network", choices=NETWORKS, default="resnet50v2")
    parser.add_argument("--work", choices=("train", "infer"), default="train")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--steps", type=int, default=8, help="steps a run, after the warm-up")
    parser.add_argument("--threads", type=int, nargs="+", default=[1], help="several with --table")
    parser.add_argument("--batch", type=int, nargs="+", default=[16], help="several with --table")
    parser.add_argument("--manga", default=str(HERE.parent / "target/release/manga"), help="our program")
    parser.add_argument("--ours", help="another command for our side, instead of manga bench ...")
    parser.add_argument("--keras", metavar="PYTHON", help="a Python with TensorFlow: a line for Keras below the table")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="also write every run to FILE")
    args = parser.parse_args()
    runs = table(args) if args.table else single(args)
    if args.json:
        args.json.write_text(json.dumps({"runs": runs}, indent=1) + "\n")


if __name__ == "__main__":
    main()
