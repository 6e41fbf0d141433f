"""Trains a 784-20-10 sigmoid student with Adam for a hundred seeds, in PyTorch: seconds of one seed's trial.

A trial is 100 steps on minibatches of 128, each keeping its loss, then the loss on a thousand training examples and loss
and accuracy on the 10,000 of the test split. Each thread is a process that takes seeds as it comes to them, which is
PyTorch at its fastest here. The images are noise: the cost does not depend on what they show.
"""
import measuring


def prepare(seed):
    """Brings a process to where it has its data, and what it takes to do trials."""
    global torch, cross_entropy, training, test
    import torch
    from torch.nn.functional import cross_entropy

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    training = torch.rand(60_000, 784), torch.randint(0, 10, (60_000,))
    test = torch.rand(10_000, 784), torch.randint(0, 10, (10_000,))


def outputs(point, images):
    weight1, bias1, weight2, bias2 = point
    return torch.addmm(bias2, torch.sigmoid(torch.addmm(bias1, images, weight1)), weight2)


def trial(seed):
    generator = torch.Generator().manual_seed(seed)
    images, labels = training
    point = [
        (0.01 * torch.randn(shape, generator=generator)).requires_grad_()
        for shape in [(784, 20), (20,), (20, 10), (10,)]
    ]
    optimizer = torch.optim.Adam(point, 0.03, fused=True)
    losses = torch.empty(100)
    for step in range(100):
        rows = torch.randint(0, len(images), (128,), generator=generator)
        loss = cross_entropy(outputs(point, images[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses[step] = loss.detach()
    with torch.no_grad():
        rows = torch.randint(0, len(images), (1000,), generator=generator)
        final = cross_entropy(outputs(point, images[rows]), labels[rows]).item()
        tested = outputs(point, test[0])
        accuracy = (tested.argmax(1) == test[1]).float().mean().item()
        return losses.tolist(), final, cross_entropy(tested, test[1]).item(), accuracy


if __name__ == "__main__":
    chosen = measuring.options(["trials"])
    import multiprocessing

    import torch

    with multiprocessing.get_context("spawn").Pool(chosen.threads, prepare, (1,)) as processes:
        measuring.report(
            f"PyTorch {torch.__version__.split('+')[0]}",
            lambda number: processes.map(trial, range(100 * number, 100 * number + 100), chunksize=10),
            chosen.repeats, 100)
