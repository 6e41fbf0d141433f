"""Trains a 784-128-128-10 sigmoid student with Adam on minibatches of 128, in PyTorch: seconds of one step.

The images are noise: the cost of a step does not depend on what they show. With `--compiled` the loss and its gradient
go through `torch.compile`.
"""
import measuring

chosen = measuring.options(["student"])

import torch
import training_torch

BATCH, STEPS = 128, 100

torch.manual_seed(1)
torch.set_num_threads(chosen.threads)
images = torch.rand(10_000, 784)
labels = torch.randint(0, 10, (10_000,))
student = torch.nn.Sequential(
    torch.nn.Linear(784, 128), torch.nn.Sigmoid(),
    torch.nn.Linear(128, 128), torch.nn.Sigmoid(),
    torch.nn.Linear(128, 10),
)

training_torch.report(student, images, labels, BATCH, STEPS, chosen)
