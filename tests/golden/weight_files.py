"""Writes the folder weight_files: small files of weights in the formats that PyTorch and Keras write.

    python tests/golden/weight_files.py        (torch 2.15, keras 3.15 on tensorflow 2.21, safetensors; seconds)

PyTorch's are of the network of tests/common/small_network.rs: conv (3x3, 1 to 6 channels, no bias), bn, mean, head (6 to 3
classes). Every tensor is filled by rule.py under its name, in PyTorch's order of axes; running variances are 1.5 + 0.5 *
that.
    small.pth               torch.save of the state_dict
    small-legacy.pth        the same in the container of PyTorch 1.5 and older
    small-strided.pth       a view of larger tensors: strides that are not the usual ones
    small-wrapped.pth       {"state_dict": …, "epoch": 3} of a network within DataParallel ("module.")
    small-whole-numbers.pth the head's bias as int64
    small.safetensors       safetensors.torch.save_file of the state_dict; it has bn.num_batches_tracked
    small-bf16.safetensors  the same in bfloat16
    small.json              the logits of an image filled as "image"
Keras's is of VGG16 without top, each layer with a 32nd of its filters:
    vgg16.h5                filled under "features.N.weight" and ".bias", in PyTorch's order of axes
    vgg16-older.h5          the same with the names that Keras 1 gave the arrays
"""

import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

import h5py
import keras
import numpy as np
import torch
from keras.src.legacy.saving import legacy_h5_format
from rule import fill, number
from safetensors.torch import save_file

FOLDER = pathlib.Path(__file__).with_suffix("")


def filled(name, shape):
    return fill(name, shape, 0.5, 1.5) if name.endswith("running_var") else fill(name, shape)


def torch_network():
    layers = {
        "conv": torch.nn.Conv2d(1, 6, 3, padding=1, bias=False),
        "bn": torch.nn.BatchNorm2d(6, eps=1e-3),
        "relu": torch.nn.ReLU(),
        "pool": torch.nn.AdaptiveAvgPool2d(1),
        "flatten": torch.nn.Flatten(),
        "head": torch.nn.Linear(6, 3),
    }
    network = torch.nn.Sequential()
    for name, layer in layers.items():
        network.add_module(name, layer)
    for name, value in network.state_dict().items():
        if value.is_floating_point():
            value.copy_(torch.from_numpy(filled(name, tuple(value.shape))))
    return network.eval()


def torch_files():
    network = torch_network()
    state = network.state_dict()
    torch.save(state, FOLDER / "small.pth")
    torch.save(state, FOLDER / "small-legacy.pth", _use_new_zipfile_serialization=False)
    strided = {k: v.transpose(0, -1).contiguous().transpose(0, -1) if v.dim() > 1 else v for k, v in state.items()}
    assert not strided["conv.weight"].is_contiguous()
    torch.save(strided, FOLDER / "small-strided.pth")
    wrapped = {"state_dict": {f"module.{k}": v for k, v in state.items()}, "epoch": 3}
    torch.save(wrapped, FOLDER / "small-wrapped.pth")
    torch.save({**state, "head.bias": torch.arange(3)}, FOLDER / "small-whole-numbers.pth")
    save_file(dict(state), FOLDER / "small.safetensors")
    half = {k: v.bfloat16() if v.is_floating_point() else v for k, v in state.items()}
    save_file(half, FOLDER / "small-bf16.safetensors")
    image = torch.from_numpy(fill("image", (1, 8, 8, 1))).permute(0, 3, 1, 2)
    with torch.no_grad():
        logits = network(image)[0]
    (FOLDER / "small.json").write_text(json.dumps([number(x) for x in logits]) + "\n")


def keras_files():
    config = keras.applications.VGG16(include_top=False, weights=None, input_shape=(32, 32, 3)).get_config()
    for layer in config["layers"]:
        if layer["class_name"] == "Conv2D":
            layer["config"]["filters"] //= 32
        layer.pop("build_config", None)
    model = keras.Model.from_config(config)
    places = iter([0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28])
    for layer in model.layers:
        if layer.weights:
            name = f"features.{next(places)}"
            height, width, channels, filters = layer.kernel.shape
            kernel = fill(f"{name}.weight", (filters, channels, height, width)).transpose(2, 3, 1, 0)
            layer.set_weights([kernel, fill(f"{name}.bias", (filters,))])
    with h5py.File(FOLDER / "vgg16.h5", "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)
    with h5py.File(FOLDER / "vgg16-older.h5", "w") as file:
        file.attrs["layer_names"] = [layer.name.encode() for layer in model.layers]
        for layer in model.layers:
            group = file.create_group(layer.name)
            names = [f"{layer.name}_{kind}_1:0" for kind in ("W", "b")] if layer.weights else []
            group.attrs["weight_names"] = [name.encode() for name in names]
            for name, value in zip(names, layer.get_weights()):
                group.create_dataset(name, data=value)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    torch_files()
    keras_files()
    for file in FOLDER.iterdir():
        file.chmod(0o644)
