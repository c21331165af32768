"""The networks of the benchmark as torch modules, beside those of torch_resnet.py.

ResNet-50 v1.5 and DenseNet-201 are torchvision's. VGG-16 and GoogLeNet are written here as the report has them (its
figure 21), layer by layer the same as in src/net/models.
"""

import torch
import torch.nn.functional as F
from torch import nn

from torch_resnet import CLASSES, ResNet50

AUXILIARY_WEIGHT = 0.3


def vgg16():
    """The thirteen convolutions, a global average pooling and two dense layers."""
    layers, channels = [], 3
    for filters, convolutions in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(convolutions):
            layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU(inplace=True)]
            channels = filters
        layers.append(nn.MaxPool2d(2))
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 128), nn.ReLU(inplace=True), nn.Linear(128, CLASSES)]
    return nn.Sequential(*layers, *head)


def conv(channels, filters, kernel, stride=1):
    """A convolution and its ReLU. Where the stride is 2 the padding is torch's own, even on all sides, and not Keras's,
    which puts a row and a column more below and to the right: as much work, without a pass for the padding."""
    return nn.Sequential(nn.Conv2d(channels, filters, kernel, stride, kernel // 2), nn.ReLU(inplace=True))


class Inception(nn.Module):
    """Four branches whose channels are put side by side."""

    def __init__(self, channels, one, three, five, pool):
        super().__init__()
        self.branches = nn.ModuleList(
            [
                conv(channels, one, 1),
                nn.Sequential(conv(channels, three[0], 1), conv(*three, 3)),
                nn.Sequential(conv(channels, five[0], 1), conv(*five, 5)),
                nn.Sequential(nn.MaxPool2d(3, 1, 1), conv(channels, pool, 1)),
            ]
        )

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], 1)


def auxiliary(channels):
    """An auxiliary head, for images of 100 x 100."""
    first = [nn.AvgPool2d(5, 3), conv(channels, 128, 1), nn.Flatten(), nn.Linear(128, 1024), nn.ReLU(inplace=True)]
    return nn.Sequential(*first, nn.Dropout(0.7), nn.Linear(1024, CLASSES))


class GoogLeNet(nn.Module):
    """The paper's network with biases, without batch norm, with both auxiliary heads in training."""

    def __init__(self):
        super().__init__()
        stem = [conv(3, 64, 7, 2), nn.MaxPool2d(3, 2, ceil_mode=True), conv(64, 64, 1), conv(64, 192, 3)]
        pool = lambda: nn.MaxPool2d(3, 2, 1)
        first = [pool(), Inception(192, 64, (96, 128), (16, 32), 32), Inception(256, 128, (128, 192), (32, 96), 64)]
        self.first = nn.Sequential(*stem, *first, pool(), Inception(480, 192, (96, 208), (16, 48), 64))
        self.second = nn.Sequential(
            Inception(512, 160, (112, 224), (24, 64), 64),
            Inception(512, 128, (128, 256), (24, 64), 64),
            Inception(512, 112, (144, 288), (32, 64), 64),
        )
        self.third = nn.Sequential(
            Inception(528, 256, (160, 320), (32, 128), 128),
            pool(),
            Inception(832, 256, (160, 320), (32, 128), 128),
            Inception(832, 384, (192, 384), (48, 128), 128),
        )
        self.heads = nn.ModuleList([auxiliary(512), auxiliary(528)])
        self.head = nn.Sequential(nn.Dropout(0.4), nn.Linear(1024, CLASSES))

    def forward(self, x):
        first = self.first(x)
        second = self.second(first)
        logits = self.head(self.third(second).mean((2, 3)))
        return [logits, self.heads[0](first), self.heads[1](second)] if self.training else logits


def torchvision(name):
    import torchvision

    return getattr(torchvision.models, name)(num_classes=CLASSES)


NETWORKS = {
    "resnet50v2": lambda: ResNet50(2),
    "resnet50": lambda: ResNet50(1),
    "resnet50-v1.5": lambda: torchvision("resnet50"),
    "vgg16": vgg16,
    "googlenet": GoogLeNet,
    "densenet201": lambda: torchvision("densenet201"),
}


def loss(output, labels):
    """Cross-entropy, with that of auxiliary heads where the network has them."""
    if torch.is_tensor(output):
        return F.cross_entropy(output, labels)
    main, *heads = (F.cross_entropy(logits, labels) for logits in output)
    return main + AUXILIARY_WEIGHT * sum(heads)
