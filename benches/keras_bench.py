"""The Keras side of the benchmark, on TensorFlow: what the report trained with.

    python benches/keras_bench.py resnet50v2 --threads 1 --batch 16 --steps 10

Prints one JSON object. Steps are those of `Model.fit`, compiled (`train_on_batch`, `predict_on_batch`).
"""

import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy
import tensorflow

from side import arguments, measure, peak_memory_mib

CLASSES = 7
NETWORKS = {
    "resnet50v2": keras.applications.ResNet50V2,
    "resnet50": keras.applications.ResNet50,
    "densenet201": keras.applications.DenseNet201,
    "vgg16": keras.applications.VGG16,
}


def main():
    args = arguments(__doc__, NETWORKS)
    keras.utils.set_random_seed(0)
    tensorflow.config.threading.set_intra_op_parallelism_threads(args.threads)
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    imported = peak_memory_mib()
    shape = (args.size, args.size, 3)
    body = NETWORKS[args.network](include_top=False, weights=None, input_shape=shape, pooling="avg")
    network = keras.Sequential([body, keras.layers.Dense(CLASSES)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.SGD(1e-3, momentum=0.9), loss)
    x = tensorflow.constant(numpy.random.rand(args.batch, *shape).astype("float32"))
    labels = tensorflow.constant(numpy.arange(args.batch) % CLASSES)

    def step():
        if args.work == "train":
            return float(network.train_on_batch(x, labels))
        return float(network.predict_on_batch(x).sum())

    result = measure(args, step) | {"imported_memory_mib": round(imported, 1)}
    print(json.dumps(result | {"by": f"keras {keras.__version__} on tensorflow {tensorflow.__version__}"}))


if __name__ == "__main__":
    main()
