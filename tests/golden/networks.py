"""Writes networks.json: Keras's ResNet50V2 and ResNet50, and the GoogLeNet, DCNN and small CNN of keras_models.py, with 7
classes, on rule-filled weights, in float64. network_golden.py says what of them.

    python tests/golden/networks.py        (keras 3.15 on tensorflow 2.21; some minutes)
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import keras_models
import numpy as np
import tensorflow as tf
from network_golden import AUXILIARY_WEIGHT, CLASSES, LABELS, describe, main, scale_and_shift
from rule import fill

SHAPES = {
    "resnet50v2": (3, 33, 33, 3),
    "resnet50": (3, 33, 33, 3),
    "googlenet": (3, 65, 67, 3),
    "dcnn": (3, 33, 41, 1),
    "small_cnn": (3, 33, 41, 1),
}
# Found with --search, see network_golden.margin().
IMAGES = {
    "resnet50v2": "image 17",
    "resnet50": "image 296",
    "googlenet": "image 230",
    "dcnn": "image 20",
    "small_cnn": "image 75",
}
# Of the table of layers.
USUAL = {"googlenet": (100, 100, 3), "dcnn": (128, 128, 1), "small_cnn": (32, 32, 1)}
SUFFIX = {
    "kernel": "weight",
    "gamma": "weight",
    "bias": "bias",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
}


def build(name, shape):
    if name in USUAL:
        return getattr(keras_models, name)(shape)
    application = {"resnet50v2": keras.applications.ResNet50V2, "resnet50": keras.applications.ResNet50}[name]
    body = application(include_top=False, weights=None, input_shape=shape, pooling="avg")
    return keras.Model(body.input, keras.layers.Dense(CLASSES, name="predictions")(body.output))


def table(name):
    keras.config.set_floatx("float32")
    kinds = (
        keras.layers.Conv2D,
        keras.layers.BatchNormalization,
        keras.layers.Dense,
        keras.layers.MaxPooling2D,
        keras.layers.AveragePooling2D,
        keras.layers.GlobalAveragePooling2D,
    )
    return [
        {
            "name": layer.name,
            "class": type(layer).__name__,
            "output": list(layer.output.shape[1:]),
            "parameters": layer.count_params(),
        }
        for layer in build(name, USUAL.get(name, (100, 100, 3))).layers
        if isinstance(layer, kinds)
    ]


def filled(name, floatx):
    """The network with rule-filled parameters, their description, and its variables by name."""
    keras.utils.clear_session()
    keras.config.set_floatx(floatx)
    model = build(name, SHAPES[name][1:])
    parameters, variables = [], {}
    last = ("predictions", "fc", "out_layer", "dense", "aux1.fc2", "aux2.fc2")
    for layer in model.layers:
        for variable in layer.weights:
            key = f"{layer.name}.{SUFFIX[variable.name]}"
            scale, shift = scale_and_shift(key, variable.shape, last, weak=("_3_conv", "_3_bn"))
            variable.assign(fill(key, variable.shape, scale, shift))
            parameters.append({"name": key, "shape": list(variable.shape), "scale": scale, "shift": shift})
            variables[key] = variable
    return model, parameters, variables


def sides(layer):
    """The padding of a pooling layer: top, bottom, left, right."""
    if layer.padding == "valid":
        return [0] * 4
    (size, _), (stride, _) = layer.pool_size, layer.strides
    total = [max((-(-n // stride) - 1) * stride + size - n, 0) for n in layer.input.shape[1:3]]
    return [half for n in total for half in (n // 2, n - n // 2)]


def before_jumps(name):
    """For network_golden.search()."""

    def of(floatx):
        model = filled(name, floatx)[0]
        relus = [l for l in model.layers if isinstance(l, keras.layers.Activation)]
        pools = [l for l in model.layers if isinstance(l, keras.layers.MaxPooling2D) and l.pool_size[0] > 1]
        inputs = keras.Model(model.input, [l.input for l in [*relus, *pools]])
        windows = [None] * len(relus) + [(l.pool_size[0], l.strides[0], sides(l)) for l in pools]
        return lambda batch: [(v.numpy(), w) for v, w in zip(inputs(batch.astype(floatx), training=True), windows)]

    return SHAPES[name], of


def passes(name, floatx, batch):
    model, parameters, variables = filled(name, floatx)
    x = tf.constant(batch, dtype=floatx)
    heads = lambda output: output if isinstance(output, list) else [output]
    inference = heads(model(x, training=False))
    with tf.GradientTape() as tape:
        training = heads(model(x, training=True))
        losses = [tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(LABELS, head)) for head in training]
        loss = losses[0] + AUXILIARY_WEIGHT * sum(losses[1:])
    gradients = tape.gradient(loss, {k: v.value for k, v in variables.items() if v.trainable})
    return parameters, {
        "inference": [head.numpy() for head in inference],
        "training": [head.numpy() for head in training],
        "loss": float(loss),
        "gradients": {k: g.numpy().astype(np.float64) for k, g in gradients.items()},
        "statistics": {k: v.numpy().astype(np.float64) for k, v in variables.items() if not v.trainable},
    }


def run(name):
    return describe(name, IMAGES[name], SHAPES[name], lambda *given: passes(name, *given), table(name))


if __name__ == "__main__":
    made_by = f"tests/golden/networks.py, keras {keras.__version__} on tensorflow {tf.__version__}"
    main("networks.json", made_by, list(SHAPES), run, before_jumps)
