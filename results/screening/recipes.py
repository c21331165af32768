"""What was screened. Each recipe differs from BASE, the recipe `resnet50-tuned` at 224 pixels, in what it names."""

BASE = dict(
    network="resnet50",
    size=224,
    epochs=14,
    batch=32,
    rate=1e-3,  # of the heads
    body_rate=1.5e-4,
    stage_decay=1.0,  # the rate of each stage, as a share of that of the next one
    warm_up=0.3,
    weight_decay=0.05,
    frozen_through="layer1",
    heads=[("layer3", 3), ("layer4", 2)],  # stage, grid
    dropout=0.5,
    label_smoothing=0.1,
    mixup=0.0,
    cutmix=0.0,
    weight_average=0.0,
    sharpness=0.0,  # radius of sharpness-aware minimisation
    erasing=0.5,
    downscaling=(0.5, 64, 128),  # probability, from, to
    ink=0.0,  # probability of thicker or thinner lines
    rotation=15.0,
    zoom=0.15,
    shift=0.1,
    contrast=0.2,
    brightness=0.1,
    flip=0.5,
    train_sizes=[],
    test_sizes=[],
)

VGG16 = dict(network="vgg16", size=160, frozen_through="block2", heads=[("block4", 3), ("block5", 2)])
FASTER = dict(erasing=0.0, body_rate=3e-4)

FIRST = {
    "base-224": {},
    "size-160": dict(size=160),
    "size-128": dict(size=128),
    "size-288": dict(size=288),
    "epochs-28": dict(epochs=28),
    "body-rate-3e-4": dict(body_rate=3e-4),
    "body-rate-7.5e-5": dict(body_rate=7.5e-5),
    "nothing-frozen": dict(frozen_through=None),
    "frozen-through-layer2": dict(frozen_through="layer2"),
    "head-on-layer3-alone": dict(heads=[("layer3", 3)]),
    "head-on-layer4-alone": dict(heads=[("layer4", 2)]),
    "grids-4-and-3": dict(heads=[("layer3", 4), ("layer4", 3)]),
    "no-erasing": dict(erasing=0.0),
    "downscaling-96-to-192": dict(downscaling=(0.5, 96, 192)),
    "no-downscaling": dict(downscaling=None),
    "mixup": dict(mixup=0.2),
    "cutmix": dict(cutmix=0.5),
    "weight-average": dict(weight_average=0.98),
    "label-smoothing-0.2": dict(label_smoothing=0.2),
    "weight-decay-0.3": dict(weight_decay=0.3),
    "ink": dict(ink=0.6),
    "sharpness-aware": dict(sharpness=0.05),
    "train-sizes-160-to-256": dict(train_sizes=[160, 192, 224, 256]),
    "rotation-30-zoom-0.3": dict(rotation=30.0, zoom=0.3),
    "dropout-0.25": dict(dropout=0.25),
    "contrast-0.5-brightness-0.2": dict(contrast=0.5, brightness=0.2),
    "batch-16": dict(batch=16),
    "stage-decay": dict(stage_decay=0.5, body_rate=3e-4),
    "test-sizes-192-and-256": dict(test_sizes=[192, 256]),
    "vgg16-160": VGG16,
    "size-320": dict(size=320),
}

SECOND = {
    "faster": FASTER,
    "faster-stage-decay": dict(FASTER, stage_decay=0.5),
    "faster-28-epochs": dict(FASTER, epochs=28),
    "twice-faster-stage-decay": dict(FASTER, stage_decay=0.5, body_rate=6e-4),
    "faster-no-downscaling": dict(FASTER, downscaling=None),
    "faster-label-smoothing-0.2": dict(FASTER, label_smoothing=0.2),
    "faster-160": dict(FASTER, size=160),
    "vgg16-160-no-erasing": dict(VGG16, erasing=0.0),
    "vgg16-160-body-rate-3e-4": dict(VGG16, body_rate=3e-4),
    "vgg16-160-faster": dict(VGG16, **FASTER),
    "vgg16-224": dict(VGG16, size=224),
    "erasing-0.25-28-epochs": dict(FASTER, erasing=0.25, epochs=28),
    "faster-ink": dict(FASTER, ink=0.6),
}

# Means of the probabilities of several networks.
MEANS = {
    "mean-of-224-and-160": ["faster", "faster-160"],
    "mean-of-resnet50-and-vgg16": ["faster", "vgg16-160-no-erasing"],
    "mean-of-28-epochs-and-ink": ["faster-28-epochs", "faster-ink"],
    "mean-of-28-epochs-ink-and-vgg16": ["faster-28-epochs", "faster-ink", "vgg16-160-no-erasing"],
}

ROUNDS = dict(first=FIRST, second=SECOND)
