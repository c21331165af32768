"""What networks.py and torch_networks.py share: how parameters are filled, which batches are chosen, and what of a pass
is written to their files. Of each network

    layers      name, Keras class, output shape and number of parameters of the layers that pool or have weights, as in
                Keras's summary of the network for images of its usual size
    parameters  name, shape, and the scale and shift with which the rule of rule.py fills it: layer, dot, and weight,
                bias, running_mean or running_var (a batch norm's gamma is its weight, its beta its bias). Convolutions'
                axes are KH, KW, C_in, C_out, a linear layer's C_in, C_out.
    input       the batch: filled by the rule under "name", times "scale" + n * "step" for image n
    inference   the logits with running statistics; "auxiliary": those of the auxiliary heads
    training    with the batch's statistics and without dropout: logits, loss (mean cross entropy with "labels", plus 0.3
                times that of each auxiliary head), for every weight its gradient's norm and its dot product with the
                direction that the rule fills as "direction", and for every running statistic the same of its new value
    float32     how far the program that made the file itself is from these numbers when it computes in float32, relative
                to each norm: no float32 implementation can be asked for more. Gradients of biases that a batch norm takes
                away again are zero; float64 leaves a norm below 1e-9 of them, float32 the norm that is given here.
"""

import json
import os
import pathlib
import sys

import numpy as np
from rule import fill, number, summary

CLASSES, LABELS, AUXILIARY_WEIGHT = 7, [2, 5, 0], 0.3
SCALE, STEP = 0.5, 0.75
SEARCHED = range(*map(int, os.environ.get("IMAGES", "0,300").split(",")))


def scale_and_shift(name, shape, last, weak=(), positive=()):
    """Scales that keep activations and gradients of order one through all blocks, in inference too, where the running
    statistics are the rule's and normalise nothing: a residual block's last convolution and norm, whose names end in one
    of `weak`, are weaker, so that the sum of all the blocks does not grow without end. The layers in `last` make logits.
    Norms that end in one of `positive` put out little below zero: where millions of values go into ReLUs, some would else
    be as good as zero in every batch, see margin()."""
    layer, suffix = name.rsplit(".", 1)
    if suffix == "running_var":
        return 0.25, 1.0
    if suffix != "weight":
        return (0.25, 1.0) if suffix == "bias" and layer.endswith(positive) else (0.125, 0.0)
    if len(shape) == 1:
        if layer.endswith(positive):
            return 0.0625, 0.5
        return (0.125, 0.5) if layer.endswith(weak) else (0.125, 1.0)
    fan_in = int(np.prod(shape[:-1]))
    gain = 2.0 if layer in last else 0.35 if layer.endswith(weak) else 1.0
    return number(np.float32(gain * np.sqrt(6 / fan_in))), 0.0


def image_batch(name, shape):
    n = np.arange(shape[0], dtype=np.float32).reshape(-1, 1, 1, 1)
    return fill(name, shape) * (np.float32(SCALE) + n * np.float32(STEP))


def padded_windows(x, size, stride, sides):
    """All windows of `x` (N, H, W, C), one a row; outside the image is minus infinity."""
    top, bottom, left, right = sides
    x = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), (1, 2))[:, ::stride, ::stride]
    return windows.reshape(-1, size * size)


def margin(values, errors):
    """How far a batch keeps from every place where the gradient jumps: the smallest distance of a ReLU's input from
    zero, or of the two largest values under a max pool from each other, in units of the error that float32 makes there
    (`errors`, one a layer). `values` are what goes into them in float64: (values, none) of a ReLU and
    (values, (size, stride, sides)) of a max pool.

    Where it is near one, some ReLU passes a gradient in float32 that it holds back in float64, and gradients differ by
    a percent although nothing is wrong. So a batch with a wide margin is chosen.
    """
    least = np.inf
    for (value, window), error in zip(values, errors, strict=True):
        if window is None:
            distance = np.abs(value).min()
        else:
            second, first = np.sort(padded_windows(value, *window), 1)[:, -2:].T
            # Equal ones are padding, or were held back by a ReLU: no gradient comes through either.
            distance = np.where(first == second, np.inf, first - second).min()
        least = min(least, distance / error)
    return float(least)


def search(name, shape, before_jumps):
    """Prints ever better batches: with wider margins. `before_jumps(floatx)` gives a function from a batch to the `values`
    of margin(). The errors of float32 are root mean squares over the layer, and taken from one batch for all."""
    exact, single = before_jumps("float64"), before_jumps("float32")
    batch = image_batch("image 0", shape)
    errors = [np.sqrt(np.mean((s - e) ** 2)) for (s, _), (e, _) in zip(single(batch), exact(batch), strict=True)]
    best = 0
    for i in SEARCHED:
        found = margin(exact(image_batch(f"image {i}", shape)), errors)
        if found > best:
            best = found
            print(f"{name}: image {i} has a margin of {best:.2f}", flush=True)


def distance(a, b):
    return float(np.linalg.norm(a - b) / np.linalg.norm(b))


def without_effect(key, gradients):
    """Whether the true gradient is zero: of a bias that a batch norm takes away again only rounding is left."""
    return np.linalg.norm(gradients[key]) < 1e-9


def describe(name, image, shape, passes, layers):
    """What is written of a network. `passes(floatx, batch)` gives the parameters' description and, as float64 arrays, what
    a pass of inference and one of training give; the logits of all heads in one list, the main one first."""
    batch = image_batch(image, shape)
    parameters, exact = passes("float64", batch)
    _, single = passes("float32", batch)
    gradients = exact["gradients"]
    effective = [k for k in gradients if not without_effect(k, gradients)]
    tables = lambda heads: [[[number(v) for v in row] for row in head] for head in heads]
    inference, training = tables(exact["inference"]), tables(exact["training"])
    worst = lambda kind, keys: max([distance(single[kind][k], exact[kind][k]) for k in keys], default=0.0)
    return {
        "name": name,
        "parameter_count": sum(int(np.prod(p["shape"])) for p in parameters),
        "layers": layers,
        "parameters": parameters,
        "input": {"name": image, "shape": list(shape), "scale": SCALE, "step": STEP},
        "inference": {"logits": inference[0], "auxiliary": inference[1:]},
        "training": {
            "labels": LABELS,
            "logits": training[0],
            "auxiliary": training[1:],
            "loss": number(exact["loss"]),
            "gradients": {k: summary(g) for k, g in gradients.items()},
            "statistics": {k: summary(v) for k, v in exact["statistics"].items()},
        },
        "float32": {
            "inference_logits": max(map(distance, single["inference"], exact["inference"])),
            "training_logits": max(map(distance, single["training"], exact["training"])),
            "loss": abs(single["loss"] - exact["loss"]) / exact["loss"],
            "worst_gradient": worst("gradients", effective),
            "worst_statistic": worst("statistics", exact["statistics"]),
            "largest_gradient_that_should_be_zero": max(
                [float(np.linalg.norm(g)) for k, g in single["gradients"].items() if k not in effective], default=0.0
            ),
        },
    }


def rows(network):
    """One line for each layer and parameter, so that a change can be seen."""
    out = []
    for key, value in network.items():
        if key in ("layers", "parameters"):
            text = "[\n" + ",\n".join(json.dumps(v) for v in value) + "]"
        elif key == "training":
            parts = []
            for k, v in value.items():
                if k in ("gradients", "statistics"):
                    v = "{\n" + ",\n".join(f"{json.dumps(n)}: {json.dumps(s)}" for n, s in v.items()) + "}"
                else:
                    v = json.dumps(v)
                parts.append(f'"{k}": {v}')
            text = "{" + ",\n".join(parts) + "}"
        else:
            text = json.dumps(value)
        out.append(f'"{key}": {text}')
    return "{" + ",\n".join(out) + "}"


def main(file, made_by, names, run, jumps):
    """Writes `file` with what `run` gives for each of `names`; with --search NAME… looks for better batches of these."""
    if "--search" in sys.argv:
        for name in sys.argv[sys.argv.index("--search") + 1 :] or names:
            search(name, *jumps(name))
        return
    networks = [run(name) for name in names]
    for network in networks:
        print(network["name"], network["parameter_count"], network["float32"])
    path = pathlib.Path(__file__).with_name(file)
    path.write_text(f'{{\n"made_by": {json.dumps(made_by)},\n"networks": [\n' + ",\n".join(map(rows, networks)) + "\n]}\n")
    print(f"{path.stat().st_size // 1000} kB")
