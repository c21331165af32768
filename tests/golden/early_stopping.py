"""What keras.callbacks.EarlyStopping (Keras 3.15) does on scripted numbers: early_stopping.json.

Run with PyTorch and Keras installed: python early_stopping.py > early_stopping.json
All numbers are multiples of 1/64, so that 32- and 64-bit arithmetic agree on every comparison.
"""

import json
import os
import random
import sys

os.environ["KERAS_BACKEND"] = "torch"

import keras


class Model:
    """As much of a model as the callback wants: weights that name the epoch they are of."""

    def __init__(self):
        self.stop_training = False
        self.epoch = 0

    def get_weights(self):
        return self.epoch

    def set_weights(self, epoch):
        self.epoch = epoch


def run(values, accuracy, **options):
    callback = keras.callbacks.EarlyStopping(monitor="val_x", mode="max" if accuracy else "min", **options)
    model = Model()
    callback.set_model(model)
    callback.on_train_begin()
    for index, value in enumerate(values):
        model.epoch = index + 1
        callback.on_epoch_end(index, {"val_x": value})
        if model.stop_training:
            break
    done = index + 1
    callback.on_train_end()
    return {"epochs": done, "stopped": model.stop_training, "weights_of": model.epoch}


def number(low, high):
    return random.randint(low * 64, high * 64) / 64


random.seed(1)
cases = []
for case in range(300):
    accuracy = case % 2 == 1
    length = random.randint(1, 16)
    start = number(1, 2)
    drift = random.choice([-1, 0, 1]) / 16
    values = [start + drift * i + random.randint(-8, 8) / 64 for i in range(length)]
    options = {
        "min_delta": random.choice([0, 0, 1 / 64, 4 / 64]),
        "patience": random.randint(0, 5),
        "baseline": random.choice([None, None, number(0, 3)]),
        "restore_best_weights": random.random() < 0.75,
        "start_from_epoch": random.choice([0, 0, 2, 5, 20]),
    }
    cases.append({"values": values, "accuracy": accuracy, "options": options, "keras": run(values, accuracy, **options)})
json.dump({"keras": keras.__version__, "cases": cases}, sys.stdout)
