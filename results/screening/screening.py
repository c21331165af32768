"""Screens a round of recipes on a GPU: `python screening.py first --limit 420` leaves a JSON line a fit in `fits-first-*.jsonl`.

The recipes' fits are taken repeat by repeat, so that all have had the same when the time is up.
"""

import argparse
import json
import time

import numpy as np
import torch
import torch.multiprocessing as processes

from fine_tuning import Data, fit, load_weights
from recipes import BASE, ROUNDS

FOLDS = 5


def work(number, round_name, jobs, next_job, deadline):
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.set_num_threads(2)
    torch.backends.cudnn.benchmark = True
    data, weights = Data(".", device), load_weights(".")
    with open(f"fits-{round_name}-{number}.jsonl", "w", buffering=1) as log:
        while time.time() < deadline:
            with next_job.get_lock():
                job = next_job.value
                next_job.value += 1
            if job >= len(jobs):
                break
            name, repeat, fold = jobs[job]
            start = time.time()
            recipe = {**BASE, **ROUNDS[round_name][name]}
            test, probabilities = fit(recipe, data, weights, repeat, fold, 1000 + 10 * repeat + fold)
            seconds = round(time.time() - start, 2)
            rows = dict(test=test.tolist(), p=np.round(probabilities, 4).tolist())
            log.write(json.dumps(dict(name=name, repeat=repeat, fold=fold, s=seconds, **rows)) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("round", choices=ROUNDS)
    parser.add_argument("--limit", type=float, required=True, help="seconds after which no fit is begun")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--repeats", type=int, default=3)
    told = parser.parse_args()
    deadline = time.time() + told.limit
    names = ROUNDS[told.round]
    jobs = [(name, repeat, fold) for repeat in range(told.repeats) for name in names for fold in range(FOLDS)]
    processes.set_start_method("spawn")
    next_job = processes.Value("i", 0)
    workers = [
        processes.Process(target=work, args=(number, told.round, jobs, next_job, deadline))
        for number in range(told.workers)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
