"""Writes ops.json: outputs and gradients of single operations, computed in float64 by PyTorch and Keras.

    python tests/golden/ops.py        (torch 2.15, keras 3.15 on tensorflow 2.21)

Axes of activations are N, H, W, C; of a convolution's weight KH, KW, C_in, C_out; of a linear layer's C_in, C_out.

Each case has
    inputs     for every tensor its shape, and either "scale" and "shift" (filled by the rule of rule.py under the
               tensor's own name: "x", "weight", "bias", "gamma", "beta", "running_mean", ...) or its "values"
    settings   padding is [top, bottom, left, right]
    outputs    "y" and, of batch norm, the new running statistics as Keras and as PyTorch have them
    gradients  of the loss sum(y * cotangent) for each input, where the cotangent is filled under the name "cotangent";
               of cross entropy, whose output is one number, of that number itself

A tensor of up to 240 numbers is kept whole ("values"), a larger one as "norm" and "dot" (see rule.summary).
"""

import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
import tensorflow as tf
import torch
import torch.nn.functional as F
from rule import fill, number, summary

WHOLE = 240
EPSILON = 1.001e-5  # of the batch norms in Keras's ResNets
cases = []


def given(shape, scale=1.0, shift=0.0):
    return {"shape": list(shape), "scale": scale, "shift": shift}


def kept(x):
    x = np.asarray(x, dtype=np.float64)
    if x.size <= WHOLE:
        return {"shape": list(x.shape), "values": [number(v) for v in x.ravel()]}
    return {"shape": list(x.shape), **summary(x)}


def tensors(inputs):
    """The inputs as float64 arrays."""
    return {
        name: (
            np.array(spec["values"]).reshape(spec["shape"])
            if "values" in spec
            else fill(name, spec["shape"], spec["scale"], spec["shift"]).astype(np.float64)
        )
        for name, spec in inputs.items()
    }


def case(op, name, inputs, settings, outputs, gradients):
    cases.append({
        "op": op,
        "name": name,
        "inputs": inputs,
        "settings": settings,
        "outputs": {k: kept(v) for k, v in outputs.items()},
        "gradients": {k: kept(v) for k, v in gradients.items()},
    })


def by_torch(op, name, inputs, settings, forward, scalar=False, constants=()):
    """Records `forward`, a function of the inputs as torch tensors."""
    x = {k: torch.tensor(v, requires_grad=k not in constants) for k, v in tensors(inputs).items()}
    y = forward(**x)
    loss = y if scalar else (y * torch.tensor(fill("cotangent", tuple(y.shape)))).sum()
    loss.backward()
    outputs = {"y": y.detach().numpy()}
    case(op, name, inputs, settings, outputs, {k: v.grad.numpy() for k, v in x.items() if k not in constants})
    return outputs["y"]


def by_tensorflow(op, name, inputs, settings, forward):
    """The same with tensorflow."""
    x = {k: tf.Variable(v) for k, v in tensors(inputs).items()}
    with tf.GradientTape() as tape:
        y = forward(**x)
        loss = tf.reduce_sum(y * fill("cotangent", tuple(y.shape)))
    gradients = tape.gradient(loss, x)
    case(op, name, inputs, settings, {"y": y.numpy()}, {k: v.numpy() for k, v in gradients.items()})


def first(x):
    """N, H, W, C to torch's N, C, H, W."""
    return x.permute(0, 3, 1, 2)


def last(x):
    return x.permute(0, 2, 3, 1)


def pad(x, padding, value=0.0):
    top, bottom, left, right = padding
    return F.pad(x, (left, right, top, bottom), value=value)


# ---------------------------------------------------------------------------------------------------- convolution


def conv2d(name, x, kernel, filters, stride=1, padding=(0, 0, 0, 0), bias=True, residual=False):
    def forward(x, weight, bias=None, residual=None):
        y = last(F.conv2d(pad(first(x), padding), weight.permute(3, 2, 0, 1), bias, stride))
        return y if residual is None else y + residual

    inputs = {"x": given(x), "weight": given((*kernel, x[3], filters))}
    if bias:
        inputs["bias"] = given((filters,))
    if residual:
        height = (x[1] + padding[0] + padding[1] - kernel[0]) // stride + 1
        width = (x[2] + padding[2] + padding[3] - kernel[1]) // stride + 1
        inputs["residual"] = given((x[0], height, width, filters))
    by_torch("conv2d", name, inputs, {"stride": stride, "padding": list(padding)}, forward)


conv2d("1x1", (2, 3, 5, 4), (1, 1), 3)
conv2d("1x1, one pixel, one image, one channel", (1, 1, 1, 1), (1, 1), 1)
conv2d("1x1, one pixel", (5, 1, 1, 7), (1, 1), 6, bias=False)
conv2d("1x1, one channel to many", (2, 3, 3, 1), (1, 1), 11)
conv2d("1x1, many channels to one", (2, 3, 3, 13), (1, 1), 1)
conv2d("1x1, residual", (3, 3, 4, 5), (1, 1), 6, residual=True)
conv2d("1x1, stride 2", (2, 5, 7, 3), (1, 1), 5, stride=2)
conv2d("1x1, stride 2, even size", (1, 6, 4, 3), (1, 1), 4, stride=2, bias=False)
conv2d("1x1, stride 3", (2, 7, 5, 3), (1, 1), 4, stride=3)
conv2d("1x1, padded", (1, 3, 2, 3), (1, 1), 2, padding=(1, 0, 0, 2))
conv2d("3x3", (1, 5, 6, 2), (3, 3), 4)
conv2d("3x3, padding 1", (2, 5, 3, 3), (3, 3), 4, padding=(1, 1, 1, 1))
conv2d("3x3, padding 1, one pixel", (3, 1, 1, 4), (3, 3), 5, padding=(1, 1, 1, 1), bias=False)
conv2d("3x3, padding 1, one row", (1, 1, 7, 3), (3, 3), 3, padding=(1, 1, 1, 1))
conv2d("3x3, padding 1, residual", (2, 4, 3, 3), (3, 3), 3, padding=(1, 1, 1, 1), bias=False, residual=True)
conv2d("3x3, padding 1, bias and residual", (1, 5, 5, 2), (3, 3), 5, padding=(1, 1, 1, 1), residual=True)
conv2d("3x3, stride 2, padding 1", (2, 7, 5, 2), (3, 3), 4, stride=2, padding=(1, 1, 1, 1), bias=False)
conv2d("3x3, stride 2, same in Keras", (1, 6, 8, 3), (3, 3), 4, stride=2, padding=(0, 1, 0, 1))
conv2d("3x3, stride 2, residual", (1, 5, 5, 3), (3, 3), 4, stride=2, padding=(1, 1, 1, 1), residual=True)
conv2d("3x3, stride 3, last rows and columns unused", (1, 8, 7, 3), (3, 3), 3, stride=3)
conv2d("3x3, asymmetric padding", (2, 4, 3, 2), (3, 3), 3, padding=(2, 0, 1, 3))
conv2d("3x3, padding only at the left", (1, 3, 4, 1), (3, 3), 3, padding=(0, 0, 2, 0))
conv2d("5x5, padding 2", (1, 6, 5, 2), (5, 5), 3, padding=(2, 2, 2, 2))
conv2d("5x5, padding 2, smaller image", (2, 2, 2, 3), (5, 5), 2, padding=(2, 2, 2, 2))
conv2d("5x5, stride 2, asymmetric padding", (1, 9, 7, 2), (5, 5), 3, stride=2, padding=(1, 2, 2, 1))
conv2d("7x7, stride 2, padding 3", (1, 9, 11, 1), (7, 7), 4, stride=2, padding=(3, 3, 3, 3))
conv2d("7x7, padding 3, one pixel", (1, 1, 1, 2), (7, 7), 2, padding=(3, 3, 3, 3))
conv2d("1x3", (2, 3, 5, 2), (1, 3), 3, padding=(0, 0, 1, 1))
conv2d("3x1, stride 2", (1, 7, 4, 3), (3, 1), 4, stride=2, padding=(1, 1, 0, 0))
conv2d("2x4, asymmetric padding", (1, 4, 5, 2), (2, 4), 3, padding=(0, 1, 1, 2))
# Larger ones, for blocks that do not come out even.
conv2d("large 1x1", (3, 9, 11, 67), (1, 1), 37)
conv2d("large 1x1, residual", (2, 13, 7, 33), (1, 1), 130, residual=True)
conv2d("large 1x1, stride 2", (3, 13, 15, 40), (1, 1), 50, stride=2)
conv2d("large 3x3", (3, 13, 11, 17), (3, 3), 35, padding=(1, 1, 1, 1), bias=False)
conv2d("large 3x3, many channels, few pixels", (2, 4, 3, 130), (3, 3), 70, padding=(1, 1, 1, 1), bias=False)
conv2d("large 3x3, stride 2", (3, 13, 25, 19), (3, 3), 24, stride=2, padding=(1, 1, 1, 1))
conv2d("large 3x3, asymmetric padding, residual", (2, 17, 14, 9), (3, 3), 21, padding=(2, 1, 0, 3), residual=True)
conv2d("large 5x5", (5, 9, 10, 8), (5, 5), 18, padding=(2, 2, 2, 2))
conv2d("large 7x7, stride 2, as a stem", (3, 33, 29, 3), (7, 7), 64, stride=2, padding=(3, 3, 3, 3))

# ---------------------------------------------------------------------------------------------------- batch norm


def statistics(x):
    """New running statistics for the old ones: Keras's momentum 0.99 with the biased variance, PyTorch's 0.1 with the
    unbiased one (which needs more than one value in a channel)."""
    t = tensors({k: x[k] for k in ("x", "running_mean", "running_var")})
    channels = x["x"]["shape"][3]
    layer = keras.layers.BatchNormalization(momentum=0.99, epsilon=EPSILON, dtype="float64")
    layer.build(x["x"]["shape"])
    layer.moving_mean.assign(t["running_mean"])
    layer.moving_variance.assign(t["running_var"])
    layer(t["x"], training=True)
    new = {
        "keras_running_mean": layer.moving_mean.numpy(),
        "keras_running_var": layer.moving_variance.numpy(),
    }
    if t["x"].size > channels:
        mean, var = torch.tensor(t["running_mean"]), torch.tensor(t["running_var"])
        F.batch_norm(first(torch.tensor(t["x"])), mean, var, training=True, momentum=0.1, eps=EPSILON)
        new |= {"torch_running_mean": mean.numpy(), "torch_running_var": var.numpy()}
    return new


def batch_norm(name, shape, training, relu=False, residual=False):
    def forward(x, gamma, beta, running_mean, running_var, residual=None):
        if training:  # written out, since F.batch_norm refuses a single value in a channel
            mean, var = x.mean((0, 1, 2)), x.var((0, 1, 2), unbiased=False)
            if x.numel() > x.shape[3]:
                theirs = last(F.batch_norm(first(x), None, None, gamma, beta, training=True, eps=EPSILON))
                assert torch.allclose(theirs, (x - mean) / (var + EPSILON).sqrt() * gamma + beta, atol=1e-12)
        else:
            mean, var = running_mean, running_var
        y = (x - mean) / (var + EPSILON).sqrt() * gamma + beta
        y = y if residual is None else y + residual
        return y.relu() if relu else y

    vector = (shape[3],)
    inputs = {
        "x": given(shape, 2.0, 0.5),
        "gamma": given(vector, 0.5, 1.0),
        "beta": given(vector, 0.5),
        "running_mean": given(vector, 0.5),
        "running_var": given(vector, 0.5, 1.0),
    }
    if residual:
        inputs["residual"] = given(shape)
    settings = {"epsilon": EPSILON, "training": training, "relu": relu}
    by_torch("batch_norm", name, inputs, settings, forward, constants=("running_mean", "running_var"))
    if training:
        cases[-1]["outputs"] |= {k: kept(v) for k, v in statistics(inputs).items()}


for training in (True, False):
    mode = "training" if training else "inference"
    batch_norm(mode, (2, 3, 5, 4), training)
    batch_norm(f"{mode}, ReLU", (3, 3, 3, 5), training, relu=True)
    batch_norm(f"{mode}, residual", (2, 5, 3, 3), training, residual=True)
    batch_norm(f"{mode}, residual and ReLU", (3, 4, 3, 5), training, relu=True, residual=True)
    batch_norm(f"{mode}, one image, one channel", (1, 3, 5, 1), training, relu=True)
    batch_norm(f"{mode}, one pixel", (5, 1, 1, 7), training, residual=True, relu=True)
    batch_norm(f"{mode}, two values in a channel", (1, 2, 1, 6), training)
    batch_norm(f"{mode}, a single value in a channel", (1, 1, 1, 3), training)
    batch_norm(f"large {mode}, residual and ReLU", (5, 11, 13, 37), training, relu=True, residual=True)
    batch_norm(f"large {mode}, many channels", (3, 2, 2, 515), training, relu=True)

# ---------------------------------------------------------------------------------------------------- pooling


def same(size, kernel, stride):
    """Keras's padding "same" along one axis: the odd cell goes to the end."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return [total // 2, total - total // 2]


def max_pool(name, x, kernel, stride, padding=(0, 0, 0, 0), pad_value=-np.inf, values=None):
    """Cells outside the image count as `pad_value`. Of equal maxima the first, row by row, takes the gradient."""

    def forward(x):
        return last(F.max_pool2d(pad(first(x), padding, pad_value), kernel, stride))

    spec = given(x) if values is None else {"shape": list(x), "values": values}
    settings = {"kernel": list(kernel), "stride": stride, "padding": list(padding)}
    if pad_value == 0:
        settings["zero_padded"] = True
    by_torch("max_pool", name, {"x": spec}, settings, forward)


max_pool("3x3, stride 2", (2, 7, 5, 3), (3, 3), 2)
max_pool("3x3, stride 2, padding 1", (1, 8, 7, 3), (3, 3), 2, (1, 1, 1, 1))
max_pool("3x3, stride 2, asymmetric padding", (2, 6, 5, 2), (3, 3), 2, (0, 1, 1, 0))
max_pool("3x3, stride 1, padding 1", (2, 4, 5, 3), (3, 3), 1, (1, 1, 1, 1))
max_pool("2x2, last row and column unused", (2, 5, 7, 3), (2, 2), 2)
max_pool("1x1, stride 2, as a shortcut", (2, 5, 7, 3), (1, 1), 2)
max_pool("3x3, padding 1, one pixel", (2, 1, 1, 5), (3, 3), 2, (1, 1, 1, 1))
max_pool("2x3, stride 3", (1, 7, 8, 2), (2, 3), 3)
max_pool("zero padding that wins where all is negative", (2, 7, 6, 3), (3, 3), 2, (1, 1, 1, 1), pad_value=0)
max_pool("large 3x3, stride 2, padding 1", (3, 23, 21, 19), (3, 3), 2, (1, 1, 1, 1))

# Few levels, so that many windows have several maxima; some are wholly equal.
levels = np.floor(fill("x", (2, 7, 6, 3)) * 2) / 2
max_pool("ties", levels.shape, (3, 3), 2, (1, 1, 1, 1), values=[float(v) for v in levels.ravel()])
max_pool("ties, overlapping", (1, 5, 4, 2), (3, 3), 1, values=[float(v) for v in levels.ravel()[:40]])
max_pool("all equal", (1, 5, 5, 1), (3, 3), 2, (1, 1, 1, 1), values=[0.0] * 25)


def same_pool(op, name, x, kernel, stride):
    settings = {
        "kernel": list(kernel),
        "stride": stride,
        "same": True,
        "padding": same(x[1], kernel[0], stride) + same(x[2], kernel[1], stride),
    }
    if op == "avg_pool":
        settings["count_padding"] = False
    pool = {"max_pool": keras.ops.max_pool, "avg_pool": keras.ops.average_pool}[op]
    by_tensorflow(op, name, {"x": given(x)}, settings, lambda x: pool(x, kernel, stride, padding="same"))


for op in ("max_pool", "avg_pool"):
    same_pool(op, "same, 3x3, stride 2, even size", (2, 6, 4, 3), (3, 3), 2)
    same_pool(op, "same, 3x3, stride 2, odd size", (1, 7, 5, 4), (3, 3), 2)
    same_pool(op, "same, 3x3, stride 1", (2, 3, 4, 3), (3, 3), 1)
    same_pool(op, "same, 2x2, stride 2, odd size", (1, 5, 7, 3), (2, 2), 2)
    same_pool(op, "same, 2x2, stride 1", (1, 4, 3, 3), (2, 2), 1)
    same_pool(op, "same, 4x4, stride 3, asymmetric", (1, 8, 7, 3), (4, 4), 3)
    same_pool(op, "same, 3x3, stride 2, one pixel", (3, 1, 1, 4), (3, 3), 2)
    same_pool(op, "same, 1x1, stride 2", (1, 5, 4, 3), (1, 1), 2)
    same_pool(op, "large same, 3x3, stride 2", (3, 22, 17, 21), (3, 3), 2)


def avg_pool(name, x, kernel, stride, padding=(0, 0, 0, 0)):
    """PyTorch's count_include_pad=True: cells outside the image count as zeros."""
    symmetric = padding[0] == padding[1] and padding[2] == padding[3]

    def forward(x):
        y = F.avg_pool2d(pad(first(x), padding), kernel, stride)
        if symmetric and max(padding) * 2 <= min(kernel):
            theirs = F.avg_pool2d(first(x), kernel, stride, (padding[0], padding[2]), count_include_pad=True)
            assert torch.allclose(y, theirs)
        return last(y)

    settings = {"kernel": list(kernel), "stride": stride, "padding": list(padding), "count_padding": True}
    by_torch("avg_pool", name, {"x": given(x)}, settings, forward)


avg_pool("2x2, stride 2", (2, 6, 4, 3), (2, 2), 2)
avg_pool("2x2, stride 2, last row and column unused", (2, 5, 7, 3), (2, 2), 2)
avg_pool("padding counted, 3x3, stride 1", (1, 5, 4, 3), (3, 3), 1, (1, 1, 1, 1))
avg_pool("padding counted, 3x3, stride 2", (2, 5, 6, 3), (3, 3), 2, (1, 1, 1, 1))
avg_pool("padding counted, 3x3, stride 2, asymmetric", (2, 6, 4, 3), (3, 3), 2, (0, 1, 0, 1))

global_average_pool = lambda x: x.mean((1, 2), keepdim=True)
for name, shape in (
    ("odd size", (2, 3, 5, 4)),
    ("one pixel", (3, 1, 1, 5)),
    ("one image, one channel", (1, 5, 3, 1)),
    ("large", (5, 7, 4, 131)),
):
    by_torch("global_average_pool", name, {"x": given(shape)}, {}, global_average_pool)

# ---------------------------------------------------------------------------------------------------- the rest


def concat(name, shape, channels):
    inputs = {key: given((*shape, c)) for key, c in zip("abc", channels)}
    by_torch("concat", name, inputs, {"axis": 3}, lambda **x: torch.cat(list(x.values()), 3))


concat("two", (2, 3, 5), (3, 4))
concat("two, one channel and one pixel", (3, 1, 1), (1, 5))
concat("three", (1, 3, 4), (2, 1, 5))
concat("large three", (3, 7, 5), (17, 32, 9))


def linear(name, n, inputs, outputs, bias=True):
    spec = {"x": given((n, 1, 1, inputs)), "weight": given((inputs, outputs))}
    if bias:
        spec["bias"] = given((outputs,))

    def forward(x, weight, bias=None):
        return F.linear(x, weight.T, bias)

    by_torch("linear", name, spec, {}, forward)


linear("few", 3, 5, 7)
linear("one image, one input, one output", 1, 1, 1)
linear("no bias", 4, 6, 3, bias=False)
linear("large", 16, 130, 67)

by_torch("relu", "odd size", {"x": given((2, 3, 5, 3))}, {}, torch.relu)
by_torch(
    "relu",
    "the gradient at zero is zero",
    {"x": {"shape": [1, 1, 2, 3], "values": [-1.5, -0.0, 0.0, 0.25, -0.125, 2.0]}},
    {},
    torch.relu,
)

for name, shape, scale in (("odd size", (2, 3, 5, 3), 2.0), ("far from zero", (1, 3, 1, 7), 30.0)):
    by_torch("elu", name, {"x": given(shape, scale)}, {}, lambda x: F.elu(x))
around_zero = {"shape": [1, 1, 2, 3], "values": [-1.5, -1e-4, 0.0, 0.25, -0.125, 2.0]}
by_tensorflow("elu", "Keras, around zero", {"x": around_zero}, {}, lambda x: keras.ops.elu(x))
for name, shape in (("odd size", (2, 3, 5, 4)), ("one pixel", (3, 1, 1, 5))):
    keras_flatten = keras.layers.Flatten(dtype="float64")
    by_tensorflow("flatten", name, {"x": given(shape)}, {}, lambda x: keras_flatten(x)[:, None, None])


def cross_entropy(name, n, classes, labels=None, scale=2.0):
    """The mean over images of -sum(target * log softmax(x)), with labels or with target distributions."""
    inputs = {"x": given((n, 1, 1, classes), scale)}
    if labels is None:
        inputs["target_logits"] = given((n, 1, 1, classes), 3.0)
        logits = tensors(inputs)["target_logits"].reshape(n, classes)
        target = torch.softmax(torch.tensor(logits), 1)
        del inputs["target_logits"]
        settings = {"targets": [number(v) for v in target.ravel()]}
        target = torch.tensor(settings["targets"], dtype=torch.float64).reshape(n, classes)
    else:
        settings = {"labels": labels}
        target = torch.tensor(labels)
    forward = lambda x: F.cross_entropy(x.reshape(n, classes), target)
    by_torch("cross_entropy", name, inputs, settings, forward, scalar=True)


cross_entropy("labels", 5, 7, [2, 5, 0, 0, 6])
cross_entropy("one image", 1, 7, [3])
cross_entropy("two classes", 3, 2, [1, 0, 1])
cross_entropy("target distributions", 4, 7)
cross_entropy("logits of some hundreds", 4, 7, [0, 1, 2, 3], scale=500.0)

# ---------------------------------------------------------------------------------------------------- the file

samples = [
    {"name": name, "index": index, "value": float(fill(name, (index + 1,))[index])}
    for name in ("x", "cotangent", "conv2_block1_1_conv.weight", "größe")
    for index in (0, 1, 2, 255, 65_537)
]
path = pathlib.Path(__file__).with_name("ops.json")
lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
path.write_text(
    '{\n"made_by":' + json.dumps(f"tests/golden/ops.py, torch {torch.__version__}, keras {keras.__version__}")
    + ',\n"rule":' + json.dumps(samples, separators=(",", ":"), ensure_ascii=False)
    + ',\n"cases":[\n' + lines + "\n]}\n"
)
print(f"{len(cases)} cases, {path.stat().st_size // 1000} kB")
