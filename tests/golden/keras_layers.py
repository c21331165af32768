"""Writes keras_layers.json: the arrays of the networks of keras.applications, [layer, array, shape] in their order.

    python tests/golden/keras_layers.py        (keras 3.15 on tensorflow 2.21; seconds)
"""

import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras

NETWORKS = {
    "vgg16": keras.applications.VGG16,
    "resnet50": keras.applications.ResNet50,
    "resnet50v2": keras.applications.ResNet50V2,
    "densenet201": keras.applications.DenseNet201,
}

if __name__ == "__main__":
    result = {}
    for name, application in NETWORKS.items():
        model = application(include_top=False, weights=None)
        result[name] = [[layer.name, w.name, list(w.shape)] for layer in model.layers for w in layer.weights]
    text = json.dumps(result, separators=(",", ":")).replace("]],", "]],\n")
    pathlib.Path(__file__).with_suffix(".json").write_text(text + "\n")
