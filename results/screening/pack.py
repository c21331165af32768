"""Packs what the screening needs into three small files, to take along to a machine with a GPU: `photos.npz`, `resnet50.npz`, `vgg16.npz`.

    python pack.py PHOTOS FOLDS.csv WEIGHTS
"""

import csv
import io
import json
import struct
import sys

import numpy as np
from PIL import Image

CLASSES = ["sad", "pleased", "shock", "angry", "crying", "happy", "embarrassed"]
LARGEST = 360


def tensors(path):
    """The tensors of a safetensors file without those of the classifier; convolutions as bytes with a scale a filter."""
    packed = {}
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        start = file.tell()
        for name, about in header.items():
            if name == "__metadata__" or name.startswith(("fc.", "classifier")):
                continue
            begin, end = about["data_offsets"]
            file.seek(start + begin)
            values = np.frombuffer(file.read(end - begin), "<f4").reshape(about["shape"])
            if values.ndim == 4 and values.shape[1] > 3:
                scale = np.abs(values).max(axis=(1, 2, 3), keepdims=True) / 127
                scale[scale == 0] = 1
                packed[name] = np.rint(values / scale).astype(np.int8)
                packed[name + ":scale"] = scale
            else:
                packed[name] = values
    return packed


def photo(path):
    image = Image.open(path).convert("L")
    side = max(image.size)
    if side > LARGEST:
        size = [round(length * LARGEST / side) for length in image.size]
        image = image.resize(size, Image.BILINEAR)
    file = io.BytesIO()
    image.save(file, "WEBP", quality=88)
    return file.getvalue()


def main(photos, folds_file, weights):
    for network in ("resnet50", "vgg16"):
        np.savez(f"{network}.npz", **tensors(f"{weights}/{network}-imagenet.safetensors"))
    with open(folds_file) as file:
        rows = list(csv.DictReader(file))
    names = sorted({row["image"] for row in rows})
    place = {name: index for index, name in enumerate(names)}
    folds = np.zeros((1 + max(int(row["repeat"]) for row in rows), len(names)), np.int8)
    for row in rows:
        folds[int(row["repeat"]), place[row["image"]]] = int(row["fold"])
    files = [photo(f"{photos}/{name}") for name in names]
    np.savez(
        "photos.npz",
        files=np.frombuffer(b"".join(files), np.uint8),
        ends=np.cumsum([len(file) for file in files]),
        labels=np.array([CLASSES.index(name.split("/")[0]) for name in names]),
        folds=folds,
        names=np.array(names),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
