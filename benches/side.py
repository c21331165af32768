"""What all sides of the benchmark share: their options, the clock, the memory."""

import argparse
import resource
import sys
import time


def arguments(doc, networks):
    """The options of `manga bench` that the other sides have too."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", nargs="?", choices=networks, default="resnet50v2")
    parser.add_argument("--work", choices=("train", "infer"), default="train")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--warmup", type=int, default=2, help="steps before the clock starts")
    parser.add_argument("--size", type=int, default=100, help="height and width of the images")
    return parser.parse_args()


def peak_memory_mib():
    """The process's peak of resident memory."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 if sys.platform == "linux" else 1024 * 1024)


def measure(args, step):
    """Images per second and per CPU second of `step`, and the process's peak memory, named as `manga bench` names them."""
    for _ in range(args.warmup):
        step()
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(args.steps):
        last = step()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    images = args.steps * args.batch
    return {
        "network": args.network,
        "work": args.work,
        "batch": args.batch,
        "threads": args.threads,
        "steps": args.steps,
        "images_per_second": round(images / wall, 3),
        "images_per_cpu_second": round(images / cpu, 3),
        "peak_memory_mib": round(peak_memory_mib(), 1),
        "loss" if args.work == "train" else "sum": last,
    }
