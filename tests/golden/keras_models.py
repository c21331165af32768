"""GoogLeNet, the DCNN and the small CNN in Keras, for networks.py; without dropout. GoogLeNet is written from its paper, the
DCNN from the report, the small CNN from the documentation of models::small_cnn."""

import keras
from keras import layers

CLASSES = 7

# Szegedy et al. (2014), table 1: for each inception module #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj.
INCEPTION = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}


def convolution(x, name, filters, size, strides=1):
    x = layers.Conv2D(filters, size, strides, padding="same", name=f"{name}.conv")(x)
    return layers.Activation("relu", name=f"{name}.relu")(x)


def inception(x, name):
    a, b_reduce, b, c_reduce, c, d = INCEPTION[name]
    name = f"inception{name}"
    pooled = layers.MaxPooling2D(3, 1, padding="same", name=f"{name}.branch4.0")(x)
    return layers.Concatenate(name=name)([
        convolution(x, f"{name}.branch1", a, 1),
        convolution(convolution(x, f"{name}.branch2.0", b_reduce, 1), f"{name}.branch2.1", b, 3),
        convolution(convolution(x, f"{name}.branch3.0", c_reduce, 1), f"{name}.branch3.1", c, 5),
        convolution(pooled, f"{name}.branch4.1", d, 1),
    ])


def auxiliary(x, name):
    x = layers.AveragePooling2D(5, 3, name=f"{name}.avgpool")(x)
    x = layers.Flatten(name=f"{name}.flatten")(convolution(x, f"{name}.conv", 128, 1))
    x = layers.Activation("relu", name=f"{name}.relu")(layers.Dense(1024, name=f"{name}.fc1")(x))
    return layers.Dense(CLASSES, name=f"{name}.fc2")(x)


def googlenet(shape):
    """Three outputs: the logits, and those of the heads on 4a and 4d."""
    image = keras.Input(shape)
    pool = lambda x, number: layers.MaxPooling2D(3, 2, padding="same", name=f"maxpool{number}")(x)
    x = pool(convolution(image, "conv1", 64, 7, 2), 1)
    x = pool(convolution(convolution(x, "conv2", 64, 1), "conv3", 192, 3), 2)
    heads = []
    for name in INCEPTION:
        x = inception(x, name)
        if name in ("4a", "4d"):
            heads.append(auxiliary(x, f"aux{len(heads) + 1}"))
        if name in ("3b", "4e"):
            x = pool(x, int(name[0]))
    x = layers.GlobalAveragePooling2D(name="avgpool")(x)
    return keras.Model(image, [layers.Dense(CLASSES, name="fc")(x), *heads])


def dcnn(shape):
    image = x = keras.Input(shape)
    number = 0
    for stage, (filters, size) in enumerate([(64, 5), (128, 3), (256, 3)], 1):
        for _ in range(2):
            number += 1
            x = layers.Conv2D(filters, size, activation="elu", padding="same", name=f"conv2d_{number}")(x)
            x = layers.BatchNormalization(name=f"batchnorm_{number}")(x)
        x = layers.MaxPooling2D((2, 2), name=f"maxpool2d_{stage}")(x)
    x = layers.Dense(128, activation="elu", name="dense_1")(layers.Flatten(name="flatten")(x))
    x = layers.BatchNormalization(name="batchnorm_7")(x)
    return keras.Model(image, layers.Dense(CLASSES, name="out_layer")(x))


def small_cnn(shape):
    image = x = keras.Input(shape)
    for block, filters in enumerate((16, 32, 64), 1):
        x = layers.Conv2D(filters, 3, padding="same", name=f"block{block}_conv")(x)
        x = layers.Activation("relu", name=f"block{block}_relu")(x)
        x = layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
    return keras.Model(image, layers.Dense(CLASSES, name="dense")(layers.Flatten(name="flatten")(x)))
