"""Adaptive pooling, and trainings of a small network with heads on two stages, in PyTorch: heads.json.

Run with PyTorch installed: python heads.py > heads.json        (torch 2.15)
In 64 bits. Every step sees all images, so their order does not count; nothing is dropped.
"""

import json
import sys

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel

torch.set_default_dtype(torch.float64)
torch.manual_seed(1)
IMAGES, SIDE, CLASSES, EPOCHS = 12, 6, 3, 8
labels = torch.arange(IMAGES) % CLASSES
x = 0.5 * torch.randn(IMAGES, 1, SIDE, SIDE)
x[labels == 0, :, ::2] += 1.0
x[labels == 1, :, :, ::2] += 1.0


def pooled(shape, grid):
    """Axes N, H, W, C; the gradient is that of the sum of all means times the numbers of "cotangent"."""
    x = torch.randn(shape, requires_grad=True)
    y = F.adaptive_avg_pool2d(x.permute(0, 3, 1, 2), grid).permute(0, 2, 3, 1)
    cotangent = torch.randn(y.shape)
    (y * cotangent).sum().backward()
    flat = lambda t: t.detach().flatten().tolist()
    return {"shape": shape, "grid": grid, "x": flat(x), "y": flat(y), "cotangent": flat(cotangent), "gradient": flat(x.grad)}


class Head(nn.Module):
    def __init__(self, channels, grid, norm):
        super().__init__()
        self.grid = grid
        self.bn = nn.BatchNorm1d(grid * grid * channels) if norm else nn.Identity()
        self.fc = nn.Linear(grid * grid * channels, CLASSES)

    def forward(self, x):
        # Flattened with the channels fastest.
        x = F.adaptive_avg_pool2d(x, self.grid).permute(0, 2, 3, 1).flatten(1)
        return self.fc(self.bn(x))


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 3)
        self.middle = nn.Conv2d(4, 5, 1, bias=False)
        self.bn = nn.BatchNorm2d(5, eps=1e-3)
        self.late = nn.Conv2d(5, 6, 3)
        self.heads = nn.ModuleList([Head(5, 3, True), Head(6, 1, False)])

    def forward(self, x):
        x = torch.relu(self.stem(x))
        middle = torch.relu(self.bn(self.middle(x)))
        late = torch.relu(self.late(middle))
        return (self.heads[0](middle) + self.heads[1](late)) / 2


first = Network()
with torch.no_grad():
    first.bn.weight.copy_(torch.tensor([1.5, 0.5, -1.0, 1.0, 0.7]))
    first.bn.bias.copy_(torch.tensor([0.1, -0.2, 0.3, 0.0, 0.2]))
    first.bn.running_mean.copy_(torch.tensor([0.2, -0.1, 0.3, 0.0, 0.1]))
    first.bn.running_var.copy_(torch.tensor([0.5, 1.5, 1.0, 2.0, 0.3]))
    for head in first.heads:
        head.fc.weight.zero_()
        head.fc.bias.zero_()


def state(network):
    # A convolution's weight is (KH, KW, C_in, C_out) here, a dense layer's (inputs, outputs).
    axes = {2: (1, 0), 4: (2, 3, 1, 0)}
    tensors = {name: value for name, value in network.state_dict().items() if value.dim() > 0}
    names = lambda name: name.replace("heads.0", "head.middle").replace("heads.1", "head.late")
    return {names(name): value.permute(axes.get(value.dim(), (0,))).flatten().tolist() for name, value in tensors.items()}


def train(frozen=(), running=False, average=None):
    network = Network()
    network.load_state_dict(first.state_dict())
    network.train()
    if running or "middle" in frozen:
        network.bn.eval()
    parts = {"stem": [network.stem], "middle": [network.middle, network.bn], "late": [network.late]}
    for name in frozen:
        for part in parts[name]:
            part.requires_grad_(False)
    body = [p for parts in parts.values() for part in parts for p in part.parameters() if p.requires_grad]
    groups = [{"params": network.heads.parameters(), "lr": 0.1}]
    if body:
        groups.append({"params": body, "lr": 0.02})
    optimizer = torch.optim.SGD(groups, momentum=0.9)
    rates = [0.1, 0.02][: len(groups)]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rates, total_steps=EPOCHS, cycle_momentum=False)
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    steps = 0

    def corrected(averaged, current, count):
        share = (1 - average) / (1 - average ** (int(count) + 1))
        return averaged + share * (current - averaged)

    averaged = AveragedModel(network, avg_fn=corrected, use_buffers=True) if average else None
    losses = []
    for epoch in range(EPOCHS):
        loss = criterion(network(x), labels)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if averaged:
            averaged.update_parameters(network)
        if epoch < EPOCHS - 1:
            schedule.step()
    kept = averaged.module if averaged else network
    kept.eval()
    return {"losses": losses, "state": state(kept), "logits": kept(x).flatten().tolist()}


cases = []
for settings in [
    {},
    {"running": True},
    {"running": True, "frozen": ["stem"]},
    {"frozen": ["stem", "middle"]},
    {"frozen": ["stem", "middle", "late"]},
    {"running": True, "average": 0.7},
]:
    cases.append({**settings, "trained": train(**settings)})
grids = [((2, 5, 7, 2), 1), ((2, 5, 7, 2), 2), ((1, 5, 7, 3), 3), ((3, 6, 6, 1), 3), ((1, 7, 5, 1), 5), ((2, 2, 1, 2), 3)]


def rounded(value):
    """Eight digits: more than a 32-bit number has."""
    if isinstance(value, float):
        return float(f"{value:.8g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, (list, tuple)) else value


json.dump(
    rounded({"torch": torch.__version__, "epochs": EPOCHS, "side": SIDE, "images": x.permute(0, 2, 3, 1).flatten().tolist(),
     "labels": labels.tolist(), "first": state(first), "cases": cases, "pooled": [pooled(*case) for case in grids]}),
    sys.stdout,
)
