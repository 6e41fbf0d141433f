"""Trains the network of `convnet_jax.py` in PyTorch: seconds of one step. `--compiled` goes through `torch.compile`."""
import measuring

chosen = measuring.options(["convnet"])

import torch
import training_torch

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

training_torch.report(network, images, labels, BATCH, STEPS, chosen)
