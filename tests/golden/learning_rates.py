"""What fastai's learning-rate finder makes of scripted losses: learning_rates.json.

Run with fastai installed: python learning_rates.py > learning_rates.json
(fastai 2.8.12, torch 2.15)

fastai itself does all of it: its `Learner` is given a loss that comes from a list, so that its `Recorder` smooths,
its `LRFinder` raises the rate and stops, and `lr_find` cuts and asks the four rules.
"""

import json
import math
import random
import sys

import fastai
import torch
from fastai.callback.schedule import minimum, slide, steep, valley
from fastai.data.core import DataLoaders
from fastai.data.load import DataLoader
from fastai.learner import Learner
from fastai.optimizer import SGD

RULES = {"valley": valley, "slide": slide, "minimum": minimum, "steep": steep}


class Scripted:
    """A loss whose value is the next of the list, whatever the network says."""

    def __init__(self, losses):
        self.losses = iter(losses)

    def __call__(self, predicted, target):
        return predicted.sum() * 0 + next(self.losses)


def case(name, start, end, steps, losses):
    data = DataLoader([(torch.zeros(1), torch.zeros(1))] * (steps + 5), bs=1)
    learner = Learner(
        DataLoaders(data, data), torch.nn.Linear(1, 1), loss_func=Scripted(losses), opt_func=SGD, path="/tmp", train_bn=False
    )
    suggested = {}
    with learner.no_bar():
        for rule, function in RULES.items():
            learner.loss_func = Scripted(losses)
            try:
                found = learner.lr_find(start, end, steps, show_plot=False, suggest_funcs=function)
                suggested[rule] = float(found[0])
            except IndexError:
                suggested[rule] = None
    recorder = learner.recorder
    finite = [float(loss) for loss in recorder.losses if math.isfinite(loss)]
    return {
        "name": name,
        "from": start,
        "to": end,
        "steps": steps,
        "losses": [loss if math.isfinite(loss) else str(loss) for loss in losses],
        "points": len(finite),
        "last_rate": float(recorder.lrs[len(finite) - 1]),
        "smoothed": [float(f"{loss:.6g}") for loss in finite],
        "suggested": suggested,
    }


def curve(steps, fall, explode, noise, depth=1.5, level=2.0):
    """A loss that falls about the share `fall` of the steps, and grows from the share `explode` on."""
    at = [i / steps for i in range(steps)]
    return [
        round(level - depth / (1 + math.exp(-25 * (x - fall))) + math.exp(60 * (x - explode)) * 0.1 + random.gauss(0, noise), 4)
        for x in at
    ]


random.seed(1)
cases = []
for number in range(12):
    steps = random.choice([60, 100, 100, 150])
    fall, explode = random.uniform(0.3, 0.6), random.uniform(0.75, 0.95)
    losses = curve(steps, fall, explode, random.choice([0, 0.01, 0.05]))
    cases.append(case(f"falls and explodes {number}", 1e-7, random.choice([10, 1000]), steps, losses))
for number in range(2):
    losses = curve(100, 0.4, 1.2, 0.01)
    cases.append(case(f"falls to the end {number}", 1e-7, 10, 100, losses))
for number, first in enumerate([60, 80, 93, 97]):
    losses = curve(100, 0.4, 1.2, 0.01)
    losses[first:] = [math.nan] * (100 - first)
    cases.append(case(f"no number from step {first} on", 1e-7, 10, 100, losses))
losses = curve(100, 0.4, 1.2, 0.01)
losses[70:] = [math.inf] * 30
cases.append(case("infinite from step 70 on", 1e-7, 10, 100, losses))
cases.append(case("rises", 1e-7, 10, 100, [1 + i / 100 for i in range(100)]))
cases.append(case("flat", 1e-7, 10, 100, [2.0] * 100))
cases.append(case("short", 1e-5, 1, 20, curve(20, 0.5, 1.2, 0)))
json.dump({"fastai": fastai.__version__, "cases": cases}, sys.stdout)
