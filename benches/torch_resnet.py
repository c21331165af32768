"""Keras's ResNet50V2 and ResNet50 with a head of 7 classes, as torch modules.

    python benches/torch_resnet.py tests/golden/networks.json

compares both networks, their gradients and running statistics with the golden numbers that Keras computed, on the same
weights. Layers are named as in Keras.
"""

import argparse
import json
import pathlib
import sys

import torch
import torch.nn.functional as F
from torch import nn

EPSILON = 1.001e-5
MOMENTUM = 0.01  # Keras's 0.99, the other way round
CLASSES = 7
VERSIONS = {"resnet50v2": 2, "resnet50": 1}
STAGES = ((2, 64, 3), (3, 128, 4), (4, 256, 6), (5, 512, 3))  # stage, width, blocks


class Block(nn.Module):
    """A bottleneck block; its layers are named as in Keras, so a parameter is found by Keras's name."""

    def conv(self, part, c_in, c_out, kernel, stride=1, bias=True):
        layer = nn.Conv2d(c_in, c_out, kernel, stride, kernel // 2, bias=bias)
        self.add_module(f"{self.name}_{part}_conv", layer)
        return layer

    def bn(self, part, channels):
        layer = nn.BatchNorm2d(channels, EPSILON, MOMENTUM)
        self.add_module(f"{self.name}_{part}_bn", layer)
        return layer


class BlockV2(Block):
    """Batch norm and ReLU come before the convolutions. The stride is in the 3x3 convolution of a stage's last block,
    where the way past it is a 1x1 max pool, that is, every second pixel."""

    def __init__(self, name, c_in, width, stride, project):
        super().__init__()
        self.name, self.stride = name, stride
        self.preact = self.bn("preact", c_in)
        self.shortcut = self.conv(0, c_in, 4 * width, 1, stride) if project else None
        self.conv1, self.bn1 = self.conv(1, c_in, width, 1, bias=False), self.bn(1, width)
        self.conv2, self.bn2 = self.conv(2, width, width, 3, stride, bias=False), self.bn(2, width)
        self.conv3 = self.conv(3, width, 4 * width, 1)

    def forward(self, x):
        preact = F.relu(self.preact(x), inplace=True)
        if self.shortcut is not None:
            x = self.shortcut(preact)
        elif self.stride > 1:
            x = F.max_pool2d(x, 1, self.stride)
        y = F.relu(self.bn1(self.conv1(preact)), inplace=True)
        y = F.relu(self.bn2(self.conv2(y)), inplace=True)
        return self.conv3(y).add_(x)


class BlockV1(Block):
    """Batch norm and ReLU come after the convolutions. The stride is in the first 1x1 convolution of a stage."""

    def __init__(self, name, c_in, width, stride, project):
        super().__init__()
        self.name, self.project = name, project
        if project:
            self.conv0, self.bn0 = self.conv(0, c_in, 4 * width, 1, stride), self.bn(0, 4 * width)
        self.conv1, self.bn1 = self.conv(1, c_in, width, 1, stride), self.bn(1, width)
        self.conv2, self.bn2 = self.conv(2, width, width, 3), self.bn(2, width)
        self.conv3, self.bn3 = self.conv(3, width, 4 * width, 1), self.bn(3, 4 * width)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        y = F.relu(self.bn2(self.conv2(y)), inplace=True)
        y = self.bn3(self.conv3(y))
        x = self.bn0(self.conv0(x)) if self.project else x
        return F.relu(y.add_(x), inplace=True)


class ResNet50(nn.Module):
    def __init__(self, version):
        super().__init__()
        self.version = version
        self.conv1_conv = nn.Conv2d(3, 64, 7, 2, 3)
        if version == 1:
            self.conv1_bn = nn.BatchNorm2d(64, EPSILON, MOMENTUM)
        blocks, channels = [], 64
        for stage, width, count in STAGES:
            for i in range(1, count + 1):
                name = f"conv{stage}_block{i}"
                if version == 2:
                    stride = 2 if i == count and stage < 5 else 1
                    blocks.append(BlockV2(name, channels, width, stride, project=i == 1))
                else:
                    stride = 2 if i == 1 and stage > 2 else 1
                    blocks.append(BlockV1(name, channels, width, stride, project=i == 1))
                channels = 4 * width
        self.blocks = nn.Sequential(*blocks)
        if version == 2:
            self.post_bn = nn.BatchNorm2d(channels, EPSILON, MOMENTUM)
        self.predictions = nn.Linear(channels, CLASSES)

    def forward(self, x):
        x = self.conv1_conv(x)
        if self.version == 1:
            x = F.relu(self.conv1_bn(x), inplace=True)
            # After the ReLU Keras's padding of zeros never beats a pixel, so torch's own padding does.
            x = F.max_pool2d(x, 3, 2, 1)
        else:
            x = F.max_pool2d(F.pad(x, (1, 1, 1, 1)), 3, 2)
        x = self.blocks(x)
        if self.version == 2:
            x = F.relu(self.post_bn(x), inplace=True)
        return self.predictions(x.mean((2, 3)))

    def named(self, tensors):
        """The same tensors by Keras's names: "conv2_block1_1_conv.weight"."""
        named = {}
        for key, tensor in tensors:
            *_, layer, suffix = key.split(".")
            if "_" in layer or layer == "predictions":
                named.setdefault(f"{layer}.{suffix}", tensor)
        return named


def to_keras(x):
    """Axes as in Keras: a convolution's weight KH, KW, C_in, C_out, the linear layer's C_in, C_out."""
    return x.permute(2, 3, 1, 0) if x.ndim == 4 else x.T if x.ndim == 2 else x


def from_keras(x):
    return x.permute(3, 2, 0, 1) if x.ndim == 4 else x.T if x.ndim == 2 else x


def check(path):
    """Compares with the golden file; both sides compute in float64."""
    sys.path.insert(0, str(path.parent))
    from rule import fill, summary

    for golden in json.loads(path.read_text())["networks"]:
        if golden["name"] not in VERSIONS:
            continue
        network = ResNet50(VERSIONS[golden["name"]]).double()
        count = sum(p.numel() for p in network.parameters()) + sum(
            b.numel() for b in network.buffers() if b.ndim == 1
        )
        assert count == golden["parameter_count"], (count, golden["parameter_count"])
        state = network.named(network.state_dict(keep_vars=True).items())
        for p in golden["parameters"]:
            value = torch.tensor(fill(p["name"], p["shape"], p["scale"], p["shift"]), dtype=torch.float64)
            assert state[p["name"]].shape == from_keras(value).shape, p["name"]
            state[p["name"]].data.copy_(from_keras(value))

        spec = golden["input"]
        n, channels = torch.arange(spec["shape"][0]).reshape(-1, 1, 1, 1), spec["shape"][3]
        x = torch.tensor(fill(spec["name"], spec["shape"])) * (spec["scale"] + n * spec["step"])
        x = x.double().permute(0, 3, 1, 2)
        worst = {}

        def compare(what, ours, theirs, size):
            worst[what] = max(worst.get(what, 0.0), abs(ours - theirs) / size)

        def compare_logits(what, logits, theirs):
            theirs = torch.tensor(theirs, dtype=torch.float64)
            compare(what, (logits - theirs).norm().item(), 0.0, theirs.norm().item())

        with torch.no_grad():
            compare_logits("inference logits", network.eval()(x), golden["inference"]["logits"])
        training = golden["training"]
        logits = network.train()(x)
        compare_logits("training logits", logits, training["logits"])
        loss = F.cross_entropy(logits, torch.tensor(training["labels"]))
        compare("loss", loss.item(), training["loss"], training["loss"])
        loss.backward()
        for name, theirs in training["gradients"].items():
            ours = summary(to_keras(state[name].grad).numpy())
            # A bias that a batch norm takes away again has no gradient but rounding.
            size = max(theirs["norm"], 1e-6)
            compare("gradients", ours["norm"], theirs["norm"], size)
            compare("gradients", ours["dot"], theirs["dot"], size)
        for name, theirs in training["statistics"].items():
            if name.endswith("running_mean"):  # torch keeps the unbiased variance, Keras the biased one
                ours = summary(state[name].numpy())
                compare("running means", ours["norm"], theirs["norm"], theirs["norm"])
                compare("running means", ours["dot"], theirs["dot"], theirs["norm"])
        print(golden["name"], f"{count:,} numbers; relative distance from Keras:")
        for what, value in worst.items():
            print(f"  {what:16} {value:.1e}")
        if max(worst.values()) > 1e-6:
            sys.exit("PyTorch and Keras differ")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("golden", type=pathlib.Path, help="Keras's golden numbers")
    check(parser.parse_args().golden)


if __name__ == "__main__":
    main()
