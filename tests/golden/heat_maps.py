"""Writes heat_maps.json: heat maps of a small rule-filled network by programs that others wrote: Grad-CAM, Grad-CAM++ and
Score-CAM by the package grad-cam (J. Gildenblat), occlusion by Captum.

    pip install grad-cam==1.5.7 captum==0.9.0        (torch 2.15)
    python tests/golden/heat_maps.py

Of grad-cam come the weights of the channels and their sum with the activations. It then subtracts the map's smallest value
and enlarges with OpenCV; here, as in the papers, what is below 0 becomes 0, PyTorch enlarges the map (align_corners=False),
and it is divided by its largest value. For the same reason Score-CAM's masks are enlarged with align_corners=False, which is
how the method's authors do it. All is in float64.
"""

import json
import pathlib

import captum
import numpy as np
import pytorch_grad_cam
import torch
import torch.nn.functional as F
from captum.attr import Occlusion
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from rule import fill, number

HEIGHT, WIDTH, CHANNELS, CLASSES = 12, 10, 2, 3
# Side of the squares of occlusion; half of it fits their way through the image, where Captum would cut off the last one.
SIDE = 4
LABELS = [0, 2]


class Enlarge(torch.nn.Module):
    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, x):
        return F.interpolate(x, self.size, mode="bilinear", align_corners=False)


torch.nn.UpsamplingBilinear2d = Enlarge


def conv(name, channels, filters, stride):
    layer = torch.nn.Conv2d(channels, filters, 3, stride, padding=1)
    weight = fill(f"{name}.weight", (3, 3, channels, filters), 0.5)
    layer.weight.data = torch.tensor(weight.transpose(3, 2, 0, 1).copy())
    layer.bias.data = torch.tensor(fill(f"{name}.bias", (filters,), 0.1))
    return layer


def norm(name, channels):
    layer = torch.nn.BatchNorm2d(channels, eps=1e-3)
    layer.weight.data = torch.tensor(fill(f"{name}.weight", (channels,), 0.3, 1.0))
    layer.bias.data = torch.tensor(fill(f"{name}.bias", (channels,), 0.3))
    layer.running_mean = torch.tensor(fill(f"{name}.running_mean", (channels,), 0.3))
    layer.running_var = torch.tensor(fill(f"{name}.running_var", (channels,), 0.5, 1.0))
    return layer


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        relu = torch.nn.ReLU
        self.stem = torch.nn.Sequential(conv("stem.conv", CHANNELS, 5, 1), norm("stem.bn", 5), relu())
        self.middle = torch.nn.Sequential(conv("middle.conv", 5, 6, 2), norm("middle.bn", 6), relu())
        self.last = torch.nn.Sequential(conv("head.conv", 6, 4, 1), relu())
        self.fc = torch.nn.Linear(4, CLASSES)
        self.fc.weight.data = torch.tensor(fill("head.fc.weight", (4, CLASSES)).T.copy())
        self.fc.bias.data = torch.tensor(fill("head.fc.bias", (CLASSES,), 0.1))

    def forward(self, x):
        return self.fc(self.last(self.middle(self.stem(x))).mean((2, 3)))


def normalised(heat):
    heat = np.maximum(heat, 0)
    assert heat.max() > 0, "choose a class with evidence"
    return [number(v) for v in (heat / heat.max()).ravel()]


def by_grad_cam(method, network, stage, x, label):
    with method(model=network, target_layers=[getattr(network, stage)]) as cam:
        logits = cam.activations_and_grads(x)
        targets = [ClassifierOutputTarget(label)]
        if cam.uses_gradients:
            network.zero_grad()
            targets[0](logits[0]).backward()
        activations = cam.activations_and_grads.activations[0].detach().numpy()
        if cam.uses_gradients:
            # Grad-CAM++ adds 1e-6 to a denominator as small as the squares of gradients. Its weights do not change, but
            # for that and a factor, when activations and gradients are scaled in opposite directions.
            activations = activations / 1e6
        gradients = cam.activations_and_grads.gradients[0].numpy() * 1e6 if cam.uses_gradients else None
        heat = cam.get_cam_image(x, getattr(network, stage), targets, activations, gradients, False)
    heat = Enlarge((HEIGHT, WIDTH))(torch.tensor(np.maximum(heat, 0), dtype=torch.float64)[None])
    return normalised(heat[0, 0].numpy())


def by_captum(network, x, label):
    blank = x.mean((2, 3), keepdim=True).expand_as(x)
    half = SIDE // 2
    falls = Occlusion(lambda x: network(x).softmax(1)).attribute(
        x, (CHANNELS, SIDE, SIDE), (CHANNELS, half, half), blank, label
    )
    return normalised(falls[0, 0].detach().numpy())


def main():
    network = Network().double().eval()
    x = torch.tensor(fill("image", (HEIGHT, WIDTH, CHANNELS)).transpose(2, 0, 1)[None].copy()).double()
    methods = {
        "Grad-CAM": pytorch_grad_cam.GradCAM,
        "Grad-CAM++": pytorch_grad_cam.GradCAMPlusPlus,
        "Score-CAM": pytorch_grad_cam.ScoreCAM,
    }
    probabilities = network(x).softmax(1)[0].detach().numpy()
    maps = [
        {"method": name, "stage": stage, "class": label, "values": by_grad_cam(method, network, stage, x, label)}
        for name, method in methods.items()
        for stage in ["stem", "middle"]
        for label in LABELS
    ]
    maps += [{"method": "Occlusion", "class": label, "values": by_captum(network, x, label)} for label in LABELS]
    versions = f"grad-cam 1.5.7, captum {captum.__version__}, torch {torch.__version__}"
    golden = {
        "made_by": f"tests/golden/heat_maps.py, {versions}",
        "side": SIDE,
        "probabilities": [number(p) for p in probabilities],
        "maps": maps,
    }
    path = pathlib.Path(__file__).with_name("heat_maps.json")
    path.write_text(json.dumps(golden, separators=(",", ":")).replace('{"method"', '\n{"method"') + "\n")


if __name__ == "__main__":
    main()
