"""Trains the network of `convnet_jax.py` in PyTorch: seconds of one step. `--compiled` goes through `torch.compile`."""
import measuring

chosen = measuring.options(["convnet"])

import torch
import torch.nn.functional as functional

BATCH, STEPS, CHANNELS, CLASSES = 64, 10, 64, 10

torch.manual_seed(1)
torch.set_num_threads(chosen.threads)
images = torch.rand(2_000, 3, 32, 32).contiguous(memory_format=torch.channels_last)
labels = torch.randint(0, CLASSES, (2_000,))
network = torch.nn.Sequential(
    torch.nn.Conv2d(3, CHANNELS, 5, padding="same"), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
    torch.nn.Conv2d(CHANNELS, CHANNELS, 5, padding="same"), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
    torch.nn.Flatten(), torch.nn.Linear(8 * 8 * CHANNELS, CLASSES),
).to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(network.parameters(), 1e-3, fused=True)


def loss(rows):
    return functional.cross_entropy(network(images[rows]), labels[rows])


if chosen.compiled:
    loss = torch.compile(loss)


def run(number):
    losses = torch.empty(STEPS)
    for step in range(STEPS):
        value = loss(torch.randint(0, len(images), (BATCH,)))
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        losses[step] = value.detach()


version = torch.__version__.split("+")[0]
measuring.report(f"PyTorch {version}" + (" compiled" if chosen.compiled else ""), run, chosen.repeats, STEPS)
