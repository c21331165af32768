"""Fine-tuning in PyTorch as `resnet50-tuned` does it here, for a GPU: networks, augmentation, one fit."""

import io
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from PIL import Image

MEAN = torch.tensor([103.939, 116.779, 123.68])
CLASSES = 7


class Bottleneck(nn.Module):
    """Of the original ResNet: the first convolution has the stride."""

    def __init__(self, channels, width, stride, projected):
        super().__init__()
        out = 4 * width
        self.conv1, self.bn1 = nn.Conv2d(channels, width, 1, stride), nn.BatchNorm2d(width, 1.001e-5)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, 1, 1), nn.BatchNorm2d(width, 1.001e-5)
        self.conv3, self.bn3 = nn.Conv2d(width, out, 1), nn.BatchNorm2d(out, 1.001e-5)
        projection = nn.Sequential(nn.Conv2d(channels, out, 1, stride), nn.BatchNorm2d(out, 1.001e-5))
        self.downsample = projection if projected else None

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)), True)
        y = F.relu(self.bn2(self.conv2(y)), True)
        y = self.bn3(self.conv3(y))
        return F.relu(y + (self.downsample(x) if self.downsample else x), True)


class ResNet50(nn.Module):
    stages = ["stem", "layer1", "layer2", "layer3", "layer4"]
    channels = dict(layer1=256, layer2=512, layer3=1024, layer4=2048)

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3), nn.BatchNorm2d(64, 1.001e-5)
        channels = 64
        for stage, (width, count) in enumerate(zip([64, 128, 256, 512], [3, 4, 6, 3])):
            blocks = []
            for block in range(count):
                blocks.append(Bottleneck(channels, width, 2 if stage and not block else 1, block == 0))
                channels = 4 * width
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))

    def modules_of(self, stage):
        return [self.conv1, self.bn1] if stage == "stem" else [getattr(self, stage)]

    def stage(self, name, x):
        if name == "stem":
            return F.max_pool2d(F.relu(self.bn1(self.conv1(x)), True), 3, 2, 1)
        return getattr(self, name)(x)


class VGG16(nn.Module):
    stages = ["block1", "block2", "block3", "block4", "block5"]
    channels = dict(block3=256, block4=512, block5=512)
    ends = [5, 10, 17, 24, 31]

    def __init__(self):
        super().__init__()
        layers, channels = [], 3
        for width, count in zip([64, 128, 256, 512, 512], [2, 2, 3, 3, 3]):
            for _ in range(count):
                layers += [nn.Conv2d(channels, width, 3, 1, 1), nn.ReLU(True)]
                channels = width
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)

    def modules_of(self, stage):
        place = self.stages.index(stage)
        return list(self.features[(self.ends[place - 1] if place else 0) : self.ends[place]])

    def stage(self, name, x):
        for module in self.modules_of(name):
            x = module(x)
        return x


def load_weights(folder):
    """ImageNet's weights as `pack.py` left them."""
    weights = {}
    for network in ("resnet50", "vgg16"):
        packed = np.load(f"{folder}/{network}.npz")
        scale = lambda name: packed[name + ":scale"] if name + ":scale" in packed.files else np.float32(1)
        names = [name for name in packed.files if not name.endswith(":scale")]
        weights[network] = {n: torch.from_numpy(packed[n].astype(np.float32) * scale(n)) for n in names}
    return weights


class Network(nn.Module):
    """A pre-trained body, whose batch norms keep their statistics, and linear heads, whose logits are averaged."""

    def __init__(self, recipe, weights):
        super().__init__()
        self.body = ResNet50() if recipe["network"] == "resnet50" else VGG16()
        self.body.load_state_dict(weights[recipe["network"]], strict=False)
        self.places, self.heads = recipe["heads"], nn.ModuleDict()
        for stage, grid in self.places:
            features = grid * grid * self.body.channels[stage]
            linear = nn.Linear(features, CLASSES)
            nn.init.zeros_(linear.weight)
            nn.init.zeros_(linear.bias)
            self.heads[stage] = nn.Sequential(nn.BatchNorm1d(features), nn.Dropout(recipe["dropout"]), linear)
        stages, through = self.body.stages, recipe["frozen_through"]
        self.frozen = stages[: stages.index(through) + 1] if through else []
        self.used = stages[: max(stages.index(stage) for stage, _ in self.places) + 1]
        for stage in self.frozen:
            for module in self.body.modules_of(stage):
                module.requires_grad_(False)

    def train(self, mode=True):
        self.body.eval()
        self.heads.train(mode)
        return self

    def parameters_of(self, stage):
        return [p for module in self.body.modules_of(stage) for p in module.parameters()]

    def forward(self, x):
        logits = []
        for name in self.used:
            with torch.set_grad_enabled(torch.is_grad_enabled() and name not in self.frozen):
                x = self.body.stage(name, x)
            for stage, grid in self.places:
                if stage == name:
                    logits.append(self.heads[stage](F.adaptive_avg_pool2d(x, grid).flatten(1).float()))
        return sum(logits) / len(logits)


def resize(x, size):
    return F.interpolate(x, (size, size), mode="bilinear", antialias=True)


class Data:
    """The photos, prepared on the GPU at any size."""

    def __init__(self, folder, device):
        packed = np.load(f"{folder}/photos.npz")
        ends, files = packed["ends"], packed["files"].tobytes()
        images = [Image.open(io.BytesIO(files[a:b])).convert("L") for a, b in zip([0, *ends[:-1]], ends)]
        self.photos = [torch.from_numpy(np.array(image)) for image in images]
        self.labels, self.folds = torch.from_numpy(packed["labels"]).to(device), packed["folds"]
        self.device, self.kept = device, {}

    def at(self, size):
        if size not in self.kept:
            each = [resize(photo.to(self.device).float()[None, None], size) for photo in self.photos]
            self.kept[size] = torch.cat(each).round()
        return self.kept[size]

    def coarse(self, size, smallest, largest):
        """Nine versions that were made smaller and larger again: `side, N, 1, H, W`."""
        key = (size, smallest, largest)
        if key not in self.kept:
            sides = np.linspace(smallest, min(largest, size - 1), 9).round().astype(int)
            versions = [resize(resize(self.at(size), int(side)), size) for side in sides]
            self.kept[key] = torch.stack(versions).half()
        return self.kept[key]


def augment(data, ids, recipe, size, generator):
    """Changed copies of the photos `ids`, in the order of `src/data/augmentation/transform.rs`."""
    device, n = data.device, len(ids)
    chance = lambda: torch.rand(n, device=device, generator=generator)
    image = lambda values: values[:, None, None, None]
    either_way = lambda most: most * (2 * chance() - 1)
    x = data.at(size)[ids]
    darkest, lightest, mean = x.amin((1, 2, 3), True), x.amax((1, 2, 3), True), x.mean((1, 2, 3), keepdim=True)
    clamp = lambda values: torch.minimum(torch.maximum(values, darkest), lightest)
    if recipe["downscaling"]:
        probability, smallest, largest = recipe["downscaling"]
        versions = data.coarse(size, smallest, largest)
        version = torch.randint(0, len(versions), (n,), device=device, generator=generator)
        x = torch.where(image(chance() < probability), versions[version, ids].float(), x)
    if recipe["ink"]:
        # Thicker or thinner lines: part of the way to the darkest or lightest of each 3 x 3 pixels.
        way, which = image(chance() * chance()), image(chance())
        thick, thin = -F.max_pool2d(-x, 3, 1, 1), F.max_pool2d(x, 3, 1, 1)
        x = torch.where(
            which < recipe["ink"] / 2,
            x + way * (thick - x),
            torch.where(which < recipe["ink"], x + way * (thin - x), x),
        )
    angle, zoom = either_way(math.radians(recipe["rotation"])), 1 + either_way(recipe["zoom"])
    down, right = either_way(recipe["shift"]), either_way(recipe["shift"])
    mirror = torch.where(chance() < recipe["flip"], -1.0, 1.0)
    cos, sin = angle.cos() * zoom, angle.sin() * zoom
    rows = [torch.stack([cos * mirror, -sin, 2 * right], 1), torch.stack([sin * mirror, cos, 2 * down], 1)]
    grid = F.affine_grid(torch.stack(rows, 1), x.shape, align_corners=False)
    x = F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)
    contrast, brightness = image(1 + either_way(recipe["contrast"])), image(either_way(recipe["brightness"]))
    x = clamp(clamp(mean + contrast * (x - mean)) + brightness * (lightest - darkest))
    if recipe["erasing"]:
        area = (0.02 + 0.31 * chance()) * size * size
        aspect = torch.exp(math.log(0.3) + (math.log(3.3) - math.log(0.3)) * chance())
        height, width = [side.sqrt().round().clamp(max=size) for side in (area * aspect, area / aspect)]
        top, left = [((size - side + 1) * chance()).floor() for side in (height, width)]
        place = torch.arange(size, device=device)
        within = lambda start, length: (place >= start[:, None]) & (place < (start + length)[:, None])
        erased = within(top, height)[:, None, :, None] & within(left, width)[:, None, None, :]
        x = torch.where(erased & image(chance() < recipe["erasing"]), mean, x)
    return x


def mixed(x, y, recipe, step, seed, generator):
    """Mixup, then CutMix, where the recipe asks for them."""
    rng, n, size = np.random.default_rng(seed * 100003 + step), len(x), x.shape[-1]
    other = lambda: torch.randperm(n, device=x.device, generator=generator)
    if recipe["mixup"]:
        share, partner = float(rng.beta(recipe["mixup"], recipe["mixup"])), other()
        x, y = share * x + (1 - share) * x[partner], share * y + (1 - share) * y[partner]
    if recipe["cutmix"] and rng.random() < recipe["cutmix"]:
        share, partner = rng.beta(1, 1), other()
        side = int(size * math.sqrt(1 - share))
        top, left = rng.integers(0, size - side + 1), rng.integers(0, size - side + 1)
        patch = (slice(None), slice(None), slice(top, top + side), slice(left, left + side))
        x = x.clone()
        x[patch] = x[partner][patch]
        share = 1 - side * side / size / size
        y = share * y + (1 - share) * y[partner]
    return x, y


def scaled(x):
    return (x - MEAN.to(x.device)[None, :, None, None]).contiguous(memory_format=torch.channels_last)


def half_precision(device):
    return torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda")


def optimizer_of(network, recipe):
    stages = [stage for stage in network.used if stage not in network.frozen]
    groups = [dict(params=list(network.heads.parameters()), lr=recipe["rate"])]
    for depth, stage in enumerate(reversed(stages)):
        rate = recipe["body_rate"] * recipe["stage_decay"] ** depth
        groups.append(dict(params=network.parameters_of(stage), lr=rate))
    return torch.optim.AdamW(groups, weight_decay=recipe["weight_decay"])


def fit(recipe, data, weights, repeat, fold, seed):
    """One fit: the numbers of the test photos, and for each its probabilities (`N, classes`)."""
    device = data.device
    torch.manual_seed(seed)
    generator = torch.Generator(device).manual_seed(seed)
    network = Network(recipe, weights).to(device).to(memory_format=torch.channels_last).train()
    optimizer = optimizer_of(network, recipe)
    in_test = data.folds[repeat] == fold
    train, test = [torch.from_numpy(np.flatnonzero(photos)).to(device) for photos in (~in_test, in_test)]
    rates = [group["lr"] for group in optimizer.param_groups]
    steps = math.ceil(len(train) / recipe["batch"]) * recipe["epochs"]
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rates, total_steps=steps, pct_start=recipe["warm_up"], cycle_momentum=False
    )
    averaged = [*network.parameters(), *(b for b in network.heads.buffers() if b.is_floating_point())]
    average, step = None, 0
    for epoch in range(recipe["epochs"]):
        for ids in train[torch.randperm(len(train), device=device, generator=generator)].split(recipe["batch"]):
            sizes = recipe["train_sizes"] or [recipe["size"]]
            size = sizes[int(torch.randint(0, len(sizes), (1,)))]
            x = augment(data, ids, recipe, size, generator)
            y = F.one_hot(data.labels[ids], CLASSES).float()
            x, y = mixed(x, y, recipe, step, seed, generator)
            y = y * (1 - recipe["label_smoothing"]) + recipe["label_smoothing"] / CLASSES

            def backward():
                optimizer.zero_grad(set_to_none=True)
                with half_precision(device):
                    logits = network(scaled(x))
                (-(y * F.log_softmax(logits.float(), 1)).sum(1).mean()).backward()

            backward()
            if recipe["sharpness"]:
                moved = [p for p in network.parameters() if p.grad is not None]
                norm = torch.linalg.vector_norm(torch.stack([p.grad.norm() for p in moved]))
                moves = [p.grad * (recipe["sharpness"] / (norm + 1e-12)) for p in moved]
                with torch.no_grad():
                    torch._foreach_add_(moved, moves)
                backward()
                with torch.no_grad():
                    torch._foreach_sub_(moved, moves)
            optimizer.step()
            schedule.step()
            step += 1
            if recipe["weight_average"] and epoch >= recipe["epochs"] // 2:
                now = [values.detach() for values in averaged]
                if average is None:
                    average = [values.clone() for values in now]
                else:
                    torch._foreach_lerp_(average, now, 1 - recipe["weight_average"])
    if average is not None:
        with torch.no_grad():
            for values, mean in zip(averaged, average):
                values.copy_(mean)
    network.eval()
    copies = []
    with torch.no_grad(), half_precision(device):
        for size in [recipe["size"], *recipe["test_sizes"]]:
            x = data.at(size)[test]
            copies += [F.softmax(network(scaled(view)).float(), 1) for view in (x, x.flip(3))]
    return test.cpu().numpy(), (sum(copies) / len(copies)).cpu().numpy()
