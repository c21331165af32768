"""What a second thread brings, and how far the two cores are from each other while it does.

    python benches/second_thread.py --network googlenet --rounds 15

A rented machine's two cores may share a cache in one minute and lie in different parts of the processor in the next.
Threads that work on one training step hand each other data at every layer, and notice; two programs that have nothing to do
with each other do not. So each round measures the way between the cores (`round_trip.c`, by the C compiler `cc`) before and
after a training on two threads, and then a training on one. Rounds during which the cores moved are shown and left out of
the summary. Only the standard library is needed. Linux only.
"""

import argparse
import pathlib
import statistics
import subprocess
import tempfile

from pair import HERE, NETWORKS, WALL, measure, options_of, two_at_once

# Nanoseconds that tell cores with a common cache from others.
NEAR = 200


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", choices=NETWORKS, default="googlenet")
    parser.add_argument("--work", choices=("train", "infer"), default="train")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--manga", default=str(HERE.parent / "target/release/manga"), help="our program")
    args = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "round_trip"
        subprocess.run(["cc", "-O2", "-pthread", str(HERE / "round_trip.c"), "-o", str(program)], check=True)
        distance = lambda: float(subprocess.run([program], check=True, capture_output=True, text=True).stdout)

        def speed(threads):
            command = [args.manga, "bench", args.network, *options_of(args, args.work, threads, args.batch), "--json"]
            return measure(command, threads, {"network": args.network, "work": args.work})[WALL]

        print(f"{args.network}, {args.work}, batch {args.batch}, {args.steps} steps a run; images per second")
        print("cores, ns round trip   one thread   two threads   ratio")
        rounds = {"near": [], "far": []}
        for _ in range(args.rounds):
            before, two, after, one = distance(), speed(2), distance(), speed(1)
            place = {True: "near", False: "far"}[after < NEAR] if (before < NEAR) == (after < NEAR) else "moved"
            rounds.get(place, []).append((one, two))
            print(f"{before:6.0f} to {after:4.0f}  {place:5} {one:13.1f} {two:13.1f} {two / one:7.2f}", flush=True)
        alone = statistics.median(speed(1) for _ in range(3))
        print(f"two programs of one thread at once: {two_at_once(args, args.network, args.work, args.batch) / alone:.2f} times one")
    for place, found in rounds.items():
        if found:
            one, two = (statistics.median(side) for side in zip(*found))
            print(f"{place}: {len(found)} rounds, medians {one:.1f} and {two:.1f}, ratio {two / one:.2f}")


if __name__ == "__main__":
    main()
