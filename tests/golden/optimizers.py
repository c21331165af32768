"""Ten steps of torch.optim's and Keras's optimizers on scripted gradients: optimizers.json.

Run with PyTorch and Keras installed: python optimizers.py > optimizers.json
"""

import json
import os
import sys

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch

rng = np.random.default_rng(1)
STEPS = 10
start = [rng.normal(size=n).astype(np.float32) for n in (5, 3)]
# Of ordinary size, as small as Adam's epsilon, and zero.
scale = [np.array([1, 10, 1e-3, 1e-7, 0], np.float32), np.array([1e-1, 1e-6, 1e2], np.float32)]
gradients = [[(rng.normal(size=len(s)) * s).astype(np.float32) for s in scale] for _ in range(STEPS)]


def with_torch(make):
    parameters = [torch.nn.Parameter(torch.tensor(p)) for p in start]
    optimizer = make(parameters)
    for step in gradients:
        for parameter, gradient in zip(parameters, step):
            parameter.grad = torch.tensor(gradient)
        optimizer.step()
    return [p.detach().numpy().tolist() for p in parameters]


def with_keras(optimizer):
    variables = [keras.Variable(p) for p in start]
    optimizer.build(variables)
    for step in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(g) for g in step])
    return [np.asarray(v).tolist() for v in variables]


def sgd(momentum, nesterov, weight_decay):
    settings = {"name": "sgd", "learning_rate": 0.05, "momentum": momentum, "nesterov": nesterov, "weight_decay": weight_decay}
    values = with_torch(lambda p: torch.optim.SGD(p, lr=0.05, momentum=momentum, nesterov=nesterov, weight_decay=weight_decay))
    return {"made_by": f"torch {torch.__version__}", "optimizer": settings, "values": values}


def sgd_keras(momentum, nesterov):
    settings = {"name": "sgd", "learning_rate": 0.05, "momentum": momentum, "nesterov": nesterov, "weight_decay": 0.0}
    values = with_keras(keras.optimizers.SGD(0.05, momentum=momentum, nesterov=nesterov))
    return {"made_by": f"keras {keras.__version__}", "optimizer": settings, "values": values}


def adam(learning_rate, beta1, beta2, epsilon):
    settings = {"name": "adam", "learning_rate": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon}
    values = with_keras(keras.optimizers.Adam(learning_rate, beta_1=beta1, beta_2=beta2, epsilon=epsilon))
    return {"made_by": f"keras {keras.__version__}", "optimizer": settings, "values": values}


def adam_torch(learning_rate, beta1, beta2):
    # PyTorch adds epsilon elsewhere: only where it is as good as nothing are the two the same.
    settings = {"name": "adam", "learning_rate": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": 1e-20}
    values = with_torch(lambda p: torch.optim.Adam(p, lr=learning_rate, betas=(beta1, beta2), eps=1e-20))
    return {"made_by": f"torch {torch.__version__}", "optimizer": settings, "values": values}


def adamw_torch(learning_rate, beta1, beta2, epsilon, weight_decay):
    settings = {"name": "adamw", "learning_rate": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon, "weight_decay": weight_decay}
    values = with_torch(lambda p: torch.optim.AdamW(p, lr=learning_rate, betas=(beta1, beta2), eps=epsilon, weight_decay=weight_decay))
    return {"made_by": f"torch {torch.__version__}", "optimizer": settings, "values": values}


def adamw_keras(learning_rate, weight_decay):
    # Keras adds epsilon elsewhere: only where it is as good as nothing are the two the same.
    settings = {"name": "adamw", "learning_rate": learning_rate, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-20, "weight_decay": weight_decay}
    values = with_keras(keras.optimizers.AdamW(learning_rate, weight_decay=weight_decay, epsilon=1e-20))
    return {"made_by": f"keras {keras.__version__}", "optimizer": settings, "values": values}


cases = [
    sgd(0.0, False, 0.0),
    sgd(0.9, False, 0.0),
    sgd(0.9, True, 0.0),
    sgd(0.9, False, 0.01),
    sgd_keras(0.9, False),
    sgd_keras(0.9, True),
    adam(0.001, 0.9, 0.999, 1e-7),
    adam(0.01, 0.8, 0.99, 1e-3),
    adam_torch(0.001, 0.9, 0.999),
    adamw_torch(0.001, 0.9, 0.999, 1e-8, 0.05),
    adamw_torch(0.01, 0.8, 0.99, 1e-3, 0.5),
    adamw_keras(0.001, 0.05),
]
start, gradients = [p.tolist() for p in start], [[g.tolist() for g in step] for step in gradients]
json.dump({"start": start, "gradients": gradients, "cases": cases}, sys.stdout)
