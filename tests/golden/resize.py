"""Makes resize.json: small pictures resized by Pillow and TensorFlow, and colours turned grey by Pillow.

python tests/golden/resize.py    (pillow 13, tensorflow 2.21, numpy 2.4)
"""

import json
from pathlib import Path

import numpy as np
import tensorflow as tf
from PIL import Image

# Width, height, new side: down and up, odd and even, one pixel, whole factors, the same size.
SIZES = [(7, 5, 4), (5, 9, 11), (48, 64, 20), (3, 3, 10), (1, 4, 6), (1, 1, 3), (101, 77, 33), (40, 40, 20), (13, 13, 13)]


def picture(width, height):
    y, x = np.mgrid[0:height, 0:width]
    return ((x * 37 + y * 91 + x * y * 7) % 256).astype(np.uint8)


def case(width, height, size):
    pixels = picture(width, height)
    image = Image.fromarray(pixels)
    keras = tf.image.resize(pixels[..., None].astype(np.float32), (size, size), method="bilinear", antialias=False)
    return {
        "width": width,
        "height": height,
        "size": size,
        "triangle": np.asarray(image.resize((size, size), Image.BILINEAR)).ravel().tolist(),
        "nearest": np.asarray(image.resize((size, size), Image.NEAREST)).ravel().tolist(),
        "bilinear": np.round(keras.numpy().ravel(), 4).astype(float).round(4).tolist(),
    }


levels = np.arange(0, 256, 51)
colours = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), -1).reshape(1, -1, 3).astype(np.uint8)
golden = {
    "resize": [case(*size) for size in SIZES],
    "rgb": colours.ravel().tolist(),
    "grey": np.asarray(Image.fromarray(colours, "RGB").convert("L")).ravel().tolist(),
}
Path(__file__).with_suffix(".json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
