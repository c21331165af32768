"""The PyTorch side of the benchmark: channels-last tensors, in-place ReLU, the default oneDNN kernels.

    python benches/torch_bench.py resnet50v2 --threads 1 --batch 16 --steps 10

Prints one JSON object.
"""

import json
import os

# Threads that wait sleep instead of spinning, so that they do not take the cores from those that work.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch

from side import arguments, measure, peak_memory_mib
from torch_networks import NETWORKS, loss
from torch_resnet import CLASSES


def main():
    args = arguments(__doc__, NETWORKS)
    torch.manual_seed(0)
    torch.set_num_threads(args.threads)
    network = NETWORKS[args.network]()
    parameters = sum(p.numel() for p in network.parameters())
    # What importing took, and no more: the weights are not in it.
    imported = peak_memory_mib() - parameters * 4 / 2**20
    network = network.to(memory_format=torch.channels_last)
    x = torch.rand(args.batch, 3, args.size, args.size).contiguous(memory_format=torch.channels_last)
    labels = torch.arange(args.batch) % CLASSES
    training = args.work == "train"
    network.train(training)
    optimizer = torch.optim.SGD(network.parameters(), lr=1e-3, momentum=0.9)

    def step():
        if training:
            optimizer.zero_grad()
            value = loss(network(x), labels)
            value.backward()
            optimizer.step()
            return value.item()
        with torch.inference_mode():
            return network(x).sum().item()

    result = measure(args, step) | {"imported_memory_mib": round(imported, 1), "parameters": parameters}
    print(json.dumps(result | {"by": f"torch {torch.__version__}"}))


if __name__ == "__main__":
    main()
