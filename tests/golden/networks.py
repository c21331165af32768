"""Writes networks.json: Keras's ResNet50V2 and ResNet50 with a head of 7 classes, on rule-filled weights, in float64.

    python tests/golden/networks.py        (keras 3.15 on tensorflow 2.21; about a minute)

Of each network
    layers      name, Keras class, output shape and number of parameters of the layers that pool or have weights, for
                images of 100x100x3, as in Keras's summary
    parameters  name, shape, and the scale and shift with which the rule of rule.py fills it; the rule's name is the
                parameter's: layer, dot, and weight, bias, running_mean or running_var (a batch norm's gamma is its
                weight, its beta its bias). Convolutions' axes are KH, KW, C_in, C_out, the linear layer's C_in, C_out.
    input       the batch: filled by the rule under "name", times "scale" + n * "step" for image n
    inference   the logits with running statistics
    training    with the batch's statistics: logits, loss (mean cross entropy with "labels"), for every weight its
                gradient's norm and its dot product with the direction that the rule fills as "direction", and for every
                running statistic the same of its new value (momentum 0.99, biased variance)
    float32     how far Keras itself is from these numbers when it computes in float32, relative to each norm: no
                float32 implementation can be asked for more. Gradients of biases that a batch norm takes away again
                are zero; float64 leaves a norm below 1e-9 of them, float32 the norm that is given here.
"""

import json
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
import tensorflow as tf
from rule import fill, number, summary

SIZE, BATCH, CLASSES = 33, 3, 7
LABELS = [2, 5, 0]
SHAPE, SCALE, STEP = (BATCH, SIZE, SIZE, 3), 0.5, 0.75
# Found with --search, see margin().
IMAGE = {"resnet50v2": "image 17", "resnet50": "image 296"}
SUFFIX = {
    "kernel": "weight",
    "gamma": "weight",
    "bias": "bias",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
}


def build(application, size):
    body = application(include_top=False, weights=None, input_shape=(size, size, 3), pooling="avg")
    logits = keras.layers.Dense(CLASSES, name="predictions")(body.output)
    return keras.Model(body.input, logits)


def table(model):
    kinds = (
        keras.layers.Conv2D,
        keras.layers.BatchNormalization,
        keras.layers.Dense,
        keras.layers.MaxPooling2D,
        keras.layers.GlobalAveragePooling2D,
    )
    return [
        {
            "name": layer.name,
            "class": type(layer).__name__,
            "output": list(layer.output.shape[1:]),
            "parameters": layer.count_params(),
        }
        for layer in model.layers
        if isinstance(layer, kinds)
    ]


def scale_and_shift(name, shape):
    """Scales that keep activations and gradients of order one through all blocks, in inference too, where the running
    statistics are the rule's and normalise nothing: a block's last layer is weaker, so that the sum of all the blocks
    does not grow without end."""
    layer, suffix = name.rsplit(".", 1)
    if suffix == "running_var":
        return 0.25, 1.0
    if suffix != "weight":
        return 0.125, 0.0
    if len(shape) == 1:
        return (0.0625, 0.25) if layer.endswith("_3_bn") else (0.125, 1.0)
    fan_in = int(np.prod(shape[:-1]))
    gain = {"predictions": 2.0}.get(layer, 0.35 if layer.endswith("_3_conv") else 1.0)
    return number(np.float32(gain * np.sqrt(6 / fan_in))), 0.0


def image_batch(image):
    n = np.arange(BATCH, dtype=np.float32).reshape(-1, 1, 1, 1)
    return fill(image, SHAPE) * (np.float32(SCALE) + n * np.float32(STEP))


def filled(application, floatx):
    """The network with rule-filled parameters, their description, and its variables by name."""
    keras.utils.clear_session()
    keras.config.set_floatx(floatx)
    model = build(application, SIZE)
    parameters, variables = [], {}
    for layer in model.layers:
        for variable in layer.weights:
            key = f"{layer.name}.{SUFFIX[variable.name]}"
            scale, shift = scale_and_shift(key, variable.shape)
            variable.assign(fill(key, variable.shape, scale, shift))
            parameters.append({"name": key, "shape": list(variable.shape), "scale": scale, "shift": shift})
            variables[key] = variable
    return model, parameters, variables


def before_jumps(model):
    """A model of what goes into each ReLU and into the max pool."""
    relus = [l.input for l in model.layers if isinstance(l, keras.layers.Activation)]
    return keras.Model(model.input, [*relus, model.get_layer("pool1_pool").input])


def margin(exact, single, image):
    """How far a batch keeps from every place where the gradient jumps: the smallest distance of a ReLU's input from
    zero, or of the two largest values under a max pool from each other, in units of the error that float32 makes there
    (root mean square over the layer). `exact` and `single` are before_jumps() in float64 and float32.

    Where it is near one, some ReLU passes a gradient in float32 that it holds back in float64, and gradients differ by
    a percent although nothing is wrong. So a batch with a wide margin is chosen.
    """
    batch = image_batch(image)
    *values, pooled = [v.numpy() for v in exact(batch.astype(np.float64), training=True)]
    errors = [np.sqrt(np.mean((s - e) ** 2)) for s, e in zip(single(batch, training=True), [*values, pooled])]
    distances = [np.abs(v).min() for v in values]
    windows = np.lib.stride_tricks.sliding_window_view(pooled, (3, 3), (1, 2))[:, ::2, ::2].reshape(-1, 9)
    second, first = np.sort(windows, 1)[:, -2:].T
    # Equal ones are padding, or were held back by a ReLU: no gradient comes through either.
    distances.append(np.where(first == second, np.inf, first - second).min())
    return min(d / e for d, e in zip(distances, errors))


def search(applications):
    for name, application in applications.items():
        exact = before_jumps(filled(application, "float64")[0])
        single = before_jumps(filled(application, "float32")[0])
        found = [(float(margin(exact, single, f"image {i}")), f"image {i}") for i in range(300)]
        print(name, sorted(found, reverse=True)[:5])


def passes(application, floatx, image):
    """The parameters' description, and what one pass of inference and one of training give, as arrays."""
    model, parameters, variables = filled(application, floatx)
    x = tf.constant(image_batch(image), dtype=floatx)
    inference = model(x, training=False)
    with tf.GradientTape() as tape:
        training = model(x, training=True)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(LABELS, training))
    gradients = tape.gradient(loss, {k: v.value for k, v in variables.items() if v.trainable})
    return parameters, {
        "inference": inference.numpy(),
        "training": training.numpy(),
        "loss": float(loss),
        "gradients": {k: g.numpy().astype(np.float64) for k, g in gradients.items()},
        "statistics": {k: v.numpy().astype(np.float64) for k, v in variables.items() if not v.trainable},
    }


def distance(a, b):
    return float(np.linalg.norm(a - b) / np.linalg.norm(b))


def without_effect(key, gradients):
    """Whether the true gradient is zero: of a bias that a batch norm takes away again only rounding is left."""
    return np.linalg.norm(gradients[key]) < 1e-9


def run(name, application):
    keras.config.set_floatx("float32")
    layers = table(build(application, 100))
    parameters, exact = passes(application, "float64", IMAGE[name])
    _, single = passes(application, "float32", IMAGE[name])
    effective = [k for k in exact["gradients"] if not without_effect(k, exact["gradients"])]
    table_of = lambda logits: [[number(v) for v in row] for row in logits]
    return {
        "name": name,
        "parameter_count": sum(int(np.prod(p["shape"])) for p in parameters),
        "layers": layers,
        "parameters": parameters,
        "input": {"name": IMAGE[name], "shape": list(SHAPE), "scale": SCALE, "step": STEP},
        "inference": {"logits": table_of(exact["inference"])},
        "training": {
            "labels": LABELS,
            "logits": table_of(exact["training"]),
            "loss": number(exact["loss"]),
            "gradients": {k: summary(g) for k, g in exact["gradients"].items()},
            "statistics": {k: summary(v) for k, v in exact["statistics"].items()},
        },
        "float32": {
            "inference_logits": distance(single["inference"], exact["inference"]),
            "training_logits": distance(single["training"], exact["training"]),
            "loss": abs(single["loss"] - exact["loss"]) / exact["loss"],
            "worst_gradient": max(distance(single["gradients"][k], exact["gradients"][k]) for k in effective),
            "worst_statistic": max(distance(single["statistics"][k], v) for k, v in exact["statistics"].items()),
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


if __name__ == "__main__":
    applications = {"resnet50v2": keras.applications.ResNet50V2, "resnet50": keras.applications.ResNet50}
    if "--search" in sys.argv:
        sys.exit(search(applications))
    networks = [run(*item) for item in applications.items()]
    path = pathlib.Path(__file__).with_name("networks.json")
    made_by = json.dumps(f"tests/golden/networks.py, keras {keras.__version__} on tensorflow {tf.__version__}")
    path.write_text(f'{{\n"made_by": {made_by},\n"networks": [\n' + ",\n".join(map(rows, networks)) + "\n]}\n")
    print(f"{path.stat().st_size // 1000} kB")
