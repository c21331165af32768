"""Checks the way of a user's resnet50v2_weights_tf_dim_ordering_tf_kernels_notop.h5 with a file that Keras itself writes.

    python tests/golden/keras_notop.py target/release/manga        (keras 3.15 on jax, h5py, Pillow; a minute, 200 MB)

Keras's ResNet50V2(include_top=False), filled by rule.py, is written in full size in two ways: as Keras 3 writes HDF5 files
of weights, and with the names that Keras 2 gave the arrays of its published files ("conv1_conv/kernel:0"). Of each file
    - `manga weights resnet50v2 --file` makes a file in which every number is Keras's;
    - each recipe in recipes/imagenet-hypothesis whose name begins with resnet50v2 trains for an epoch on drawn faces;
    - what the network of such a run says of a picture is what Keras says with the same weights and pixels.
Prints what it found, and ends with an error at the first difference. It makes no golden file: tests/keras_notop.rs does the
same without Python.
"""

import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

os.environ.setdefault("KERAS_BACKEND", "jax")

import h5py
import keras
import numpy as np
from keras.src.legacy.saving import legacy_h5_format
from PIL import Image
from rule import fill

NAME = "resnet50v2_weights_tf_dim_ordering_tf_kernels_notop.h5"
RECIPES = pathlib.Path(__file__).parents[2] / "recipes" / "imagenet-hypothesis"
SUFFIX = {
    "kernel": "weight",
    "gamma": "weight",
    "bias": "bias",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
}
SCALED = {
    "zero-one": lambda v: v / 255,
    "minus-one-one": lambda v: v / 127.5 - 1,
    "caffe": lambda v: v - np.array([103.939, 116.779, 123.68], np.float32),
}
SIZE = 64


def filled():
    """The network with numbers that keep activations of order one."""
    model = keras.applications.ResNet50V2(include_top=False, weights=None, input_shape=(SIZE, SIZE, 3), pooling="avg")
    for layer in model.layers:
        for variable in layer.weights:
            shape, kind = variable.shape, variable.name
            weak = 0.35 if layer.name.endswith("_3_conv") else 1.0
            scale = weak * np.sqrt(6 / np.prod(shape[:-1])) if kind == "kernel" else 0.125
            shift = 1.0 if kind in ("gamma", "moving_variance") else 0.0
            variable.assign(fill(f"{layer.name}/{kind}", shape, np.float32(scale), np.float32(shift)))
    return model


def write_as_keras_3(model, path):
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)


def write_as_keras_2(model, path):
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [layer.name.encode() for layer in model.layers]
        file.attrs["backend"], file.attrs["keras_version"] = b"tensorflow", b"2.2.4"
        for layer in model.layers:
            group = file.create_group(layer.name)
            names = [f"{layer.name}/{variable.name}:0" for variable in layer.weights]
            group.attrs["weight_names"] = [name.encode() for name in names]
            for name, variable in zip(names, layer.weights):
                group.create_dataset(name, data=np.asarray(variable))


def tensors(path):
    """The tensors of a safetensors file."""
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    read = lambda t: np.frombuffer(content[8 + length :][slice(*t["data_offsets"])], "<f4").reshape(t["shape"])
    return {name: read(tensor) for name, tensor in header.items()}


def keras_axes(value):
    return value.transpose(2, 3, 1, 0) if value.ndim == 4 else value.T


def check(manga, model, theirs, write):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        environment = {**os.environ, "MANGA_CACHE": str(folder / "cache")}
        call = lambda *words: subprocess.run(
            [manga, *map(str, words)], cwd=folder, env=environment, check=True, capture_output=True, text=True
        ).stdout
        write(model, folder / NAME)
        print(f"{write.__name__}: {(folder / NAME).stat().st_size:,} bytes", flush=True)
        call("weights", "resnet50v2", "--file", NAME)
        kept = tensors(folder / "cache" / "weights" / "resnet50v2-imagenet.safetensors")
        for layer in model.layers:
            for variable in layer.weights:
                ours = kept.pop(f"{layer.name}.{SUFFIX[variable.name]}")
                assert np.array_equal(keras_axes(ours), np.asarray(variable)), variable.path
        assert not kept, kept.keys()
        print(f"  {model.count_params():,} numbers in the cache, each as in Keras", flush=True)

        pixels = np.uint8(255 * (fill("picture", (SIZE, SIZE)) / 2 + 0.5))
        Image.fromarray(pixels).save(folder / "picture.png")
        recipes = sorted(RECIPES.glob("resnet50v2-*.toml"))
        assert len(recipes) == 6
        for recipe in recipes:
            call(*f"train {recipe} --drawn 40 --epochs 1 --size {SIZE} --threads 1 --run {recipe.stem}".split())
            run = tensors(folder / recipe.stem / "weights.safetensors")
            for layer in theirs.layers:
                layer.set_weights([keras_axes(run[f"{layer.name}.{SUFFIX[v.name]}"]) for v in layer.weights])
            (scaled,) = (scale for name, scale in SCALED.items() if recipe.stem.endswith(name))
            batch = scaled(np.repeat(pixels[None, :, :, None], 3, 3).astype(np.float32))
            features = theirs.predict(batch, verbose=0)
            logits = (features @ run["predictions.weight"].T + run["predictions.bias"])[0]
            ours = json.loads(call("predict", recipe.stem, "picture.png", "--json"))[0]["logits"]
            distance = np.abs(np.asarray(ours) - logits).max() / np.abs(logits).max()
            assert distance < 1e-4, (recipe.stem, ours, logits)
            print(f"  {recipe.stem}: logits off by {distance:.0e} of the largest", flush=True)


if __name__ == "__main__":
    manga = pathlib.Path(sys.argv[1]).resolve()
    network = filled()
    trained = keras.models.clone_model(network)
    for way in (write_as_keras_3, write_as_keras_2):
        check(manga, network, trained, way)
