"""Writes torch_networks.json: torchvision's VGG-16 (with the report's head), ResNet-50 and DenseNet-201 with 7 classes,
on rule-filled weights, in float64. network_golden.py says what of them.

    python tests/golden/torch_networks.py        (torch 2.15, torchvision 0.29; about a minute)
"""

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from network_golden import CLASSES, LABELS, describe, main, scale_and_shift
from rule import fill
from torch import nn

SHAPES = {"vgg16": (3, 33, 35, 3), "resnet50-v1.5": (3, 33, 35, 3), "densenet201": (3, 63, 33, 3)}
# Found with --search, see network_golden.margin().
IMAGES = {"vgg16": "image 19", "resnet50-v1.5": "image 42", "densenet201": "image 30"}
# Norms that put out little below zero, see network_golden.scale_and_shift().
POSITIVE = ("bn1", "bn2", "bn3", ".norm", "norm1", "norm2")
KINDS = {
    nn.Conv2d: "Conv2D",
    nn.BatchNorm2d: "BatchNormalization",
    nn.Linear: "Dense",
    nn.MaxPool2d: "MaxPooling2D",
    nn.AvgPool2d: "AveragePooling2D",
    nn.AdaptiveAvgPool2d: "GlobalAveragePooling2D",
}


class Vgg16(nn.Module):
    """torchvision's convolutions under the head of the report."""

    def __init__(self):
        super().__init__()
        self.features = torchvision.models.vgg16(weights=None).features
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(nn.Linear(512, 128), nn.ReLU(), nn.Linear(128, CLASSES))

    def forward(self, x):
        return self.classifier(self.avgpool(self.features(x)).flatten(1))


def build(name):
    if name == "vgg16":
        return Vgg16()
    application = {"resnet50-v1.5": torchvision.models.resnet50, "densenet201": torchvision.models.densenet201}[name]
    return application(weights=None, num_classes=CLASSES)


def first(x):
    """N, H, W, C to torch's N, C, H, W."""
    return x.permute(0, 3, 1, 2)


def ours(x):
    """A parameter's value, or its gradient, with the axes of the file."""
    axes = {4: (2, 3, 1, 0), 2: (1, 0), 1: (0,)}[x.dim()]
    return x.detach().permute(axes).numpy()


def table(name):
    """The layers for images of 100 x 100."""
    model, rows = build(name).eval(), []

    def observe(key):
        def hook(module, _, output):
            n, c, *image = output.shape
            count = sum(p.numel() for p in module.parameters()) + sum(b.numel() for b in module.buffers() if b.dim())
            vector = isinstance(module, (nn.Linear, nn.AdaptiveAvgPool2d))
            shape = [c] if vector else [*image, c]
            rows.append({"name": key, "class": KINDS[type(module)], "output": shape, "parameters": count})

        return hook

    for key, module in model.named_modules():
        if type(module) in KINDS:
            module.register_forward_hook(observe(key))
    with torch.no_grad():
        model(torch.zeros(1, 3, 100, 100))
    if name == "densenet201":  # it pools without a module
        rows.append({"name": "avgpool", "class": "GlobalAveragePooling2D", "output": [1920], "parameters": 0})
    return rows


def filled(name, floatx):
    """The network with rule-filled parameters, and their description."""
    model, parameters = build(name).to(getattr(torch, floatx)), []
    for key, value in model.state_dict().items():
        if key.endswith("num_batches_tracked"):
            continue
        shape = ours(value).shape
        last = ("fc", "classifier", "classifier.2")
        scale, shift = scale_and_shift(key, shape, last, weak=("conv3",), positive=POSITIVE)
        content = torch.tensor(fill(key, shape, scale, shift))
        value.copy_({4: lambda v: v.permute(3, 2, 0, 1), 2: lambda v: v.T, 1: lambda v: v}[value.dim()](content))
        parameters.append({"name": key, "shape": list(shape), "scale": scale, "shift": shift})
    return model, parameters


def before_jumps(name):
    """For network_golden.search()."""

    def of(floatx):
        model, seen = filled(name, floatx)[0].train(), []
        keep = lambda value: value.detach().permute(0, 2, 3, 1).numpy().copy() if value.dim() == 4 else value.numpy().copy()
        for key, module in model.named_modules():
            if isinstance(module, nn.ReLU):
                module.register_forward_pre_hook(lambda m, inputs: seen.append((keep(inputs[0]), None)))
            elif isinstance(module, nn.MaxPool2d):
                window = (module.kernel_size, module.stride, [module.padding] * 4)
                module.register_forward_pre_hook(lambda m, inputs, w=window: seen.append((keep(inputs[0]), w)))
            elif key == "features.norm5":  # its ReLU is no module
                module.register_forward_hook(lambda m, _, output: seen.append((keep(output), None)))

        def run(batch):
            seen.clear()
            with torch.no_grad():
                model(first(torch.tensor(batch).to(getattr(torch, floatx))))
            return list(seen)

        return run

    return SHAPES[name], of


def passes(name, floatx, batch):
    model, parameters = filled(name, floatx)
    x = first(torch.tensor(batch).to(getattr(torch, floatx)))
    with torch.no_grad():
        inference = model.eval()(x)
    training = model.train()(x)
    loss = F.cross_entropy(training, torch.tensor(LABELS))
    loss.backward()
    double = lambda v: ours(v).astype(np.float64)
    statistics = {k: double(v) for k, v in model.state_dict().items() if k.endswith(("running_mean", "running_var"))}
    return parameters, {
        "inference": [inference.double().numpy()],
        "training": [training.detach().double().numpy()],
        "loss": float(loss.detach()),
        "gradients": {k: double(p.grad) for k, p in model.named_parameters()},
        "statistics": statistics,
    }


def run(name):
    return describe(name, IMAGES[name], SHAPES[name], lambda *given: passes(name, *given), table(name))


if __name__ == "__main__":
    made_by = f"tests/golden/torch_networks.py, torch {torch.__version__}, torchvision {torchvision.__version__}"
    main("torch_networks.json", made_by, list(SHAPES), run, before_jumps)
