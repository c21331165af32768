"""Learning rates of keras.callbacks.ReduceLROnPlateau on scripted numbers, and of torch's OneCycleLR: schedules.json.

Run with PyTorch and Keras installed: python schedules.py > schedules.json
All scripted numbers are multiples of 1/64, so that 32- and 64-bit arithmetic agree on every comparison. Keras keeps
learning rates in 32 bits.
"""

import json
import os
import random
import sys
import warnings

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

warnings.simplefilter("ignore")


class Model:
    """As much of a model as the callback wants."""

    def __init__(self, learning_rate):
        self.optimizer = keras.optimizers.SGD(learning_rate)


def plateau(first, values, accuracy, options):
    callback = keras.callbacks.ReduceLROnPlateau(monitor="val_x", mode="max" if accuracy else "min", **options)
    model = Model(first)
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for index, value in enumerate(values):
        callback.on_epoch_end(index, {"val_x": value})
        rates.append(float(keras.ops.convert_to_numpy(model.optimizer.learning_rate)))
    return rates


def one_cycle(max_lr, steps, pct_start, div_factor, final_div_factor):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr, total_steps=steps, pct_start=pct_start, div_factor=div_factor,
        final_div_factor=final_div_factor, cycle_momentum=False,
    )
    rates = []
    for step in range(steps):
        rates.append(schedule.get_last_lr()[0])
        optimizer.step()
        if step < steps - 1:
            schedule.step()
    return rates


random.seed(1)
plateaus = []
for case in range(200):
    accuracy = case % 2 == 1
    drift = random.choice([-1, 0, 0, 1]) / 32
    values = [2 + drift * i + random.randint(-8, 8) / 64 for i in range(random.randint(1, 30))]
    options = {
        "factor": random.choice([0.5, 0.25, 0.1]),
        "patience": random.randint(0, 5),
        "min_delta": random.choice([0, 1 / 64, 4 / 64]),
        "cooldown": random.choice([0, 0, 1, 3]),
        "min_lr": random.choice([0, 0, 1 / 512]),
    }
    first = random.choice([1 / 64, 0.001]) if options["min_lr"] == 0 else 1 / 64
    rates = plateau(first, values, accuracy, options)
    options["min_learning_rate"] = options.pop("min_lr")
    plateaus.append({"first": first, "values": values, "accuracy": accuracy, "options": options, "rates": rates})

cycles = []
for steps, pct_start, div_factor, final_div_factor in [
    (100, 0.3, 25.0, 1e4), (14, 0.3, 25.0, 1e4), (37, 0.1, 10.0, 100.0), (20, 0.0, 25.0, 1e4), (20, 1.0, 4.0, 1e3),
    (2, 0.3, 25.0, 1e4), (1, 0.3, 25.0, 1e4), (7, 0.5, 1.0, 1.0),
]:
    options = {"warm_up": pct_start, "div_factor": div_factor, "final_div_factor": final_div_factor}
    rates = one_cycle(0.0015, steps, pct_start, div_factor, final_div_factor)
    cycles.append({"highest": 0.0015, "options": options, "rates": rates})
json.dump({"keras": keras.__version__, "torch": torch.__version__, "plateaus": plateaus, "cycles": cycles}, sys.stdout)
