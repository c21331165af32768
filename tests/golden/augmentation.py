"""Makes augmentation.json: a small picture changed by scipy, Keras, torchvision and Pillow.

python tests/golden/augmentation.py
(scipy 1.17, keras 3.15, tensorflow 2.21, torch 2.15, torchvision 0.29, pillow 13, numpy 2.4)
"""

import json
import math
from pathlib import Path

import keras
import numpy as np
import torch
import torchvision.transforms.functional as tv
from PIL import Image
from scipy import ndimage
from torchvision.transforms import InterpolationMode


def picture(height, width, channels):
    """Values from 0 to 1, rougher than any photo; tests/augmentation.rs has the same rule."""
    y, x, c = np.mgrid[0:height, 0:width, 0:channels]
    return ((x * 37 + y * 91 + x * y * 7 + c * 53) % 256 / 255).astype(np.float32)


def flat(values):
    return [round(float(v), 6) for v in np.asarray(values, np.float64).ravel()]


def moved(by, shape, fill, values, rotation=0.0, shift=(0.0, 0.0), zoom=(1.0, 1.0)):
    return {"by": by, "shape": shape, "rotation": rotation, "shift": shift, "zoom": zoom, "fill": fill, "values": flat(values)}


def by_scipy(shape, fill, rotation, shift, zoom):
    """Turned counter-clockwise, then shifted down and right, then divided by zoom, all about the centre. The matrices are
    for (row, column, 1), and lead from the new picture to the old one, so that each is the inverse of what it does."""
    h, w, channels = shape
    s, c = math.sin(math.radians(rotation)), math.cos(math.radians(rotation))
    turn = np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])
    move = np.array([[1, 0, -shift[0] * h], [0, 1, -shift[1] * w], [0, 0, 1]])
    scale = np.diag([*zoom, 1])
    centre = np.array([[1, 0, (h - 1) / 2], [0, 1, (w - 1) / 2], [0, 0, 1]])
    matrix = centre @ turn @ move @ scale @ np.linalg.inv(centre)
    image = picture(*shape).astype(np.float64)
    planes = []
    for k in range(channels):
        plane = image[..., k]
        outside = {"nearest": 0.0, "mean": plane.mean(), "white": plane.max()}[fill]
        mode = "nearest" if fill == "nearest" else "grid-constant"
        planes.append(ndimage.affine_transform(plane, matrix[:2, :2], matrix[:2, 2], order=1, mode=mode, cval=outside))
    return moved("scipy", shape, fill, np.stack(planes, -1), rotation, shift, zoom)


def by_keras(shape, rotation, shift, zoom):
    """ImageDataGenerator's own step. Its shifts are in pixels and to the other side; its x is the column."""
    h, w, _ = shape
    assert h == w  # It takes the centre of other pictures for (w / 2, h / 2).
    values = keras.src.legacy.preprocessing.image.apply_affine_transform(
        picture(*shape),
        theta=rotation, tx=-shift[1] * w, ty=-shift[0] * h, zx=zoom[1], zy=zoom[0],
        row_axis=0, col_axis=1, channel_axis=2, fill_mode="nearest",
    )  # fmt: skip
    return moved("keras", shape, "nearest", values, rotation, shift, zoom)


def by_torchvision(shape, rotation, shift, scale):
    """torchvision turns clockwise, enlarges, and shifts last: a shift of its is one of shift / scale before the zoom."""
    h, w, _ = shape
    image = torch.from_numpy(picture(*shape).astype(np.float64)).permute(2, 0, 1)
    translate = [shift[1] * w * scale, shift[0] * h * scale]
    values = tv.affine(
        image, -rotation, translate, scale, [0.0, 0.0], InterpolationMode.BILINEAR, fill=[float(c.max()) for c in image]
    )
    return moved("torchvision", shape, "white", values.permute(1, 2, 0).numpy(), rotation, shift, (1 / scale, 1 / scale))


def in_range(layer, image):
    """A Keras layer's work on each channel, its value_range that channel's own."""
    planes = []
    for k in range(image.shape[2]):
        plane = image[None, ..., k : k + 1]
        planes.append(layer(plane, (float(plane.min()), float(plane.max())))[0, ..., 0])
    return np.stack(planes, -1)


def contrast(shape, factor):
    def layer(plane, value_range):
        one = keras.layers.RandomContrast(0.5, value_range=value_range)
        return np.array(one.transform_images(plane, {"contrast_factor": factor}))

    return {"by": "keras", "shape": shape, "contrast": factor, "values": flat(in_range(layer, picture(*shape)))}


def contrast_by_torchvision(shape, factor):
    """It clips to 0 and 1, so the picture must reach both."""
    image = picture(*shape)
    assert image.min() == 0 and image.max() == 1 and shape[2] == 1
    values = tv.adjust_contrast(torch.from_numpy(image).permute(2, 0, 1), factor)
    return {"by": "torchvision", "shape": shape, "contrast": factor, "values": flat(values.permute(1, 2, 0))}


def brightness(shape, share):
    def layer(plane, value_range):
        one = keras.layers.RandomBrightness((share, share), value_range=value_range)
        return np.array(one(plane, training=True))

    return {"by": "keras", "shape": shape, "brightness": share, "values": flat(in_range(layer, picture(*shape)))}


def coarser(shape, small):
    """Down to `small` (height, width) and up again by Pillow, whose 32-bit pictures are not rounded."""
    image = picture(*shape)
    planes = []
    for k in range(shape[2]):
        reduced = Image.fromarray(image[..., k]).resize(small[::-1], Image.BILINEAR)
        planes.append(np.asarray(reduced.resize((shape[1], shape[0]), Image.BILINEAR)))
    return {"by": "pillow", "shape": shape, "side": max(small), "values": flat(np.stack(planes, -1))}


ODD, SQUARE = (7, 10, 2), (9, 9, 1)
golden = {
    "moved": [
        by_scipy(ODD, "nearest", 17.0, (0.11, -0.23), (0.83, 1.19)),
        by_scipy(ODD, "mean", -33.0, (-0.2, 0.07), (1.3, 0.9)),
        by_scipy(ODD, "white", 101.0, (0.0, 0.4), (1.1, 1.1)),
        by_scipy((1, 6, 3), "nearest", 8.0, (0.5, 0.1), (1.0, 0.7)),
        by_scipy((5, 1, 1), "white", 45.0, (0.0, 0.2), (1.0, 1.0)),
        by_keras(SQUARE, 30.0, (0.0, 0.0), (1.0, 1.0)),
        by_keras(SQUARE, 0.0, (0.1, -0.05), (1.0, 1.0)),
        by_keras(SQUARE, 0.0, (0.0, 0.0), (0.8, 1.2)),
        by_keras((8, 8, 3), -21.0, (-0.07, 0.1), (1.17, 0.84)),
        by_torchvision(ODD, 25.0, (0.0, 0.0), 1.2),
        by_torchvision(SQUARE, -12.0, (0.08, -0.1), 0.85),
    ],
    "contrast": [
        contrast(ODD, 0.8), contrast(ODD, 1.2), contrast(SQUARE, 0.0),
        contrast_by_torchvision((16, 16, 1), 0.8), contrast_by_torchvision((16, 16, 1), 1.4),
    ],
    "brightness": [brightness(ODD, 0.1), brightness(ODD, -0.25), brightness(SQUARE, 1.0)],
    "coarser": [
        coarser((20, 20, 1), (7, 7)), coarser((13, 13, 3), (12, 12)), coarser((12, 18, 2), (6, 9)),
        coarser((18, 12, 1), (15, 10)), coarser((9, 9, 1), (1, 1)),
    ],
}  # fmt: skip
Path(__file__).with_suffix(".json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
