"""Keras's losses and accuracies of a linear classifier trained on whole batches: linear_fit.json.

Run with PyTorch and Keras installed: python linear_fit.py > linear_fit.json
"""

import json
import os
import sys

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np

rng = np.random.default_rng(2)
N, M, INPUTS, CLASSES, EPOCHS = 12, 5, 6, 3, 8
x, x_val = rng.normal(size=(N, INPUTS)).astype(np.float32), rng.normal(size=(M, INPUTS)).astype(np.float32)
y, y_val = rng.integers(0, CLASSES, N), rng.integers(0, CLASSES, M)
weight = rng.normal(size=(INPUTS, CLASSES)).astype(np.float32)
bias = rng.normal(size=CLASSES).astype(np.float32)


def fit(smoothing):
    model = keras.Sequential([keras.Input((INPUTS,)), keras.layers.Dense(CLASSES)])
    model.set_weights([weight, bias])
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=smoothing)
    model.compile(keras.optimizers.Adam(0.05), loss, metrics=["accuracy"])
    one_hot = keras.utils.to_categorical
    history = model.fit(
        x, one_hot(y, CLASSES), batch_size=N, epochs=EPOCHS, verbose=0,
        validation_data=(x_val, one_hot(y_val, CLASSES)),
    ).history
    return {"label_smoothing": smoothing, "history": history, "weight": model.get_weights()[0].ravel().tolist()}


json.dump(
    {
        "keras": keras.__version__,
        "images": x.ravel().tolist(), "labels": y.tolist(),
        "validation_images": x_val.ravel().tolist(), "validation_labels": y_val.tolist(),
        "weight": weight.ravel().tolist(), "bias": bias.tolist(),
        "fits": [fit(0.0), fit(0.2)],
    },
    sys.stdout,
)
