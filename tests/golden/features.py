"""Features of small pictures by scikit-image and PyTorch: features.json.

Run with both installed: python features.py > features.json
(scikit-image 0.26, torch 2.15, numpy 2.4)
"""

import json
import sys

import numpy as np
import torch
from skimage.feature import hog


def picture(height, width, channels):
    """Values from 0 to 1, smooth and rough; tests/features.rs has the same rule."""
    y, x, c = np.mgrid[0:height, 0:width, 0:channels]
    rough = (x * 37 + y * 91 + x * y * 7 + c * 53) % 256
    smooth = (x * 5 + y * 3 + c * 40) % 256
    return ((rough + 3 * smooth) / np.float32(1020)).astype(np.float32)


def flat(values):
    return [float(f"{v:.6g}") for v in np.asarray(values, np.float64).ravel()]


def histograms(shape, orientations, cell, block):
    values = hog(
        picture(*shape).astype(np.float64),
        orientations=orientations,
        pixels_per_cell=(cell, cell),
        cells_per_block=(block, block),
        block_norm="L2-Hys",
        channel_axis=-1,
    )
    return {"shape": shape, "orientations": orientations, "cell": cell, "block": block, "values": flat(values)}


def pooled(shape, grid):
    x = torch.from_numpy(picture(*shape)).permute(2, 0, 1)[None]
    y = torch.nn.functional.adaptive_avg_pool2d(x.double(), grid)[0].permute(1, 2, 0)
    return {"shape": shape, "grid": grid, "values": flat(y.numpy())}


json.dump(
    {
        "hog": [
            histograms((48, 48, 1), 9, 8, 2),
            histograms((21, 27, 1), 9, 8, 2),
            histograms((24, 24, 3), 9, 8, 3),
            histograms((20, 31, 1), 6, 5, 1),
            histograms((33, 16, 2), 12, 4, 4),
        ],
        "pooled": [pooled(shape, grid) for shape, grid in [((5, 7, 2), 1), ((5, 7, 2), 2), ((5, 7, 2), 3), ((6, 6, 1), 3), ((7, 5, 3), 5)]],
    },
    sys.stdout,
)
