"""Trains a 784-128-128-10 sigmoid student with Adam on minibatches of 128, in PyTorch: seconds of one step.

The images are noise: the cost of a step does not depend on what they show. With `--compiled` the loss and its gradient
go through `torch.compile`.
"""
import measuring

chosen = measuring.options(["student"])

import torch
import torch.nn.functional as functional

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
optimizer = torch.optim.Adam(student.parameters(), 1e-3, fused=True)


def loss(rows):
    return functional.cross_entropy(student(images[rows]), labels[rows])


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
