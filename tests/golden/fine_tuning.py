"""Trainings of a small network with an auxiliary head in PyTorch, as one fine-tunes: fine_tuning.json.

Run with PyTorch installed: python fine_tuning.py > fine_tuning.json
Every step sees all images, so their order does not count.
"""

import json
import sys

import torch
from torch import nn

torch.manual_seed(1)
IMAGES, CLASSES, EPOCHS = 12, 3, 10
x = torch.randn(IMAGES, 6)
labels = torch.arange(IMAGES) % CLASSES
x[torch.arange(IMAGES), labels] += 1.0


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Linear(6, 5)
        self.middle = nn.Linear(5, 4, bias=False)
        self.bn = nn.BatchNorm1d(4, eps=1e-3)
        self.aux = nn.Linear(4, CLASSES)
        self.head = nn.Linear(4, CLASSES)

    def forward(self, x):
        x = torch.relu(self.stem(x))
        x = self.bn(self.middle(x))
        return self.head(torch.relu(x)), self.aux(x)


first = Network()
with torch.no_grad():
    first.bn.weight.copy_(torch.tensor([1.5, 0.5, -1.0, 1.0]))
    first.bn.bias.copy_(torch.tensor([0.1, -0.2, 0.3, 0.0]))
    first.bn.running_mean.copy_(torch.tensor([0.2, -0.1, 0.3, 0.0]))
    first.bn.running_var.copy_(torch.tensor([0.5, 1.5, 1.0, 2.0]))


def state(network):
    # A dense layer's weight is (inputs, outputs) here and (outputs, inputs) in PyTorch.
    tensors = {name: value for name, value in network.state_dict().items() if value.dim() > 0}
    return {name: (value.T if value.dim() == 2 else value).flatten().tolist() for name, value in tensors.items()}


def train(optimizer, body_rate=None, one_cycle=False, frozen=False, running=False, smoothing=0.0):
    network = Network()
    network.load_state_dict(first.state_dict())
    network.train()
    if running:
        network.bn.eval()
    if frozen:
        network.stem.requires_grad_(False)
    kind, options, rate = optimizer
    head = list(network.head.parameters())
    body = [p for p in network.parameters() if p.requires_grad and all(p is not h for h in head)]
    groups = [{"params": head, "lr": rate}, {"params": body, "lr": body_rate or rate}]
    optimizer = kind(groups, **options)
    if one_cycle:
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, [rate, body_rate or rate], total_steps=EPOCHS, cycle_momentum=False
        )
    criterion = nn.CrossEntropyLoss(label_smoothing=smoothing)
    losses, rates = [], []
    for epoch in range(EPOCHS):
        main, aux = network(x)
        loss = criterion(main, labels)
        losses.append(loss.item())
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.zero_grad()
        (loss + 0.3 * criterion(aux, labels)).backward()
        optimizer.step()
        if one_cycle and epoch < EPOCHS - 1:
            schedule.step()
    return {"losses": losses, "rates": rates, "state": state(network)}


sgd = (torch.optim.SGD, {"momentum": 0.9}, 0.1)
adamw = (torch.optim.AdamW, {"weight_decay": 0.05}, 0.02)
cases = []
for settings in [
    {},
    {"smoothing": 0.1},
    {"running": True},
    {"frozen": True, "running": True},
    {"body_rate": 0.01},
    {"body_rate": 0.004, "one_cycle": True, "frozen": True, "running": True, "smoothing": 0.1},
]:
    for name, optimizer in [("sgd", sgd), ("adamw", adamw)]:
        cases.append({"optimizer": name, **settings, "trained": train(optimizer, **settings)})
json.dump(
    {"torch": torch.__version__, "epochs": EPOCHS, "images": x.flatten().tolist(), "labels": labels.tolist(),
     "first": state(first), "cases": cases},
    sys.stdout,
)
