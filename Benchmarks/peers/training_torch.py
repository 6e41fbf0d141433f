"""Trains a network with Adam on random minibatches, in PyTorch."""
import measuring
import torch
import torch.nn.functional as functional


def report(network, images, labels, batch, steps, chosen):
    """Prints the seconds of one step; a measured time is of `steps` of them, each of which keeps its loss."""
    optimizer = torch.optim.Adam(network.parameters(), 1e-3, fused=True)

    def loss(rows):
        return functional.cross_entropy(network(images[rows]), labels[rows])

    if chosen.compiled:
        loss = torch.compile(loss)

    def run(number):
        losses = torch.empty(steps)
        for step in range(steps):
            value = loss(torch.randint(0, len(images), (batch,)))
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            losses[step] = value.detach()

    version = torch.__version__.split("+")[0]
    measuring.report(f"PyTorch {version}" + (" compiled" if chosen.compiled else ""), run, chosen.repeats, steps)
