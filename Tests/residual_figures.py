"""Computes the reference figures of residual students again, in float64, with PyTorch.

    python3 -m venv peers && peers/bin/pip install torch numpy
    peers/bin/python Tests/residual_figures.py            # says how far the file's figures are from these
    peers/bin/python Tests/residual_figures.py --write    # and writes these in their place

What goes in is not in the file: both sides compute it from whole numbers (`noise`), to the same bits.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

PATH = Path(__file__).parent / "ProblemsTests/Reference/residual.json"
EPSILON, DECAY = 1e-5, 0.997


def noise(count, salt):
    """Numbers from -1 to 1 that look like noise: a quadratic of the index, modulo 2^32."""
    index = np.arange(count, dtype=np.uint64)
    whole = (index * index + np.uint64(7) * index + np.uint64(1000003 * salt)) * np.uint64(2654435761)
    return torch.from_numpy((whole % np.uint64(2**32)).astype(np.float64) / 2.0**31 - 1)


def layers_of(stages, channels, classes, large):
    """Names and shapes of all parameters, in order; convolutions as [height, width, in, out]."""
    width = stages[0][1]
    result = [("conv1/kernel", [7, 7, channels, width] if large else [3, 3, channels, width])]
    for stage, (blocks, filters, _) in enumerate(stages, 1):
        for block in range(1, blocks + 1):
            name = f"stage{stage}/block{block}"
            result += [(f"{name}/normalization1/scale", [width]), (f"{name}/normalization1/offset", [width])]
            if block == 1:
                result.append((f"{name}/projection/kernel", [1, 1, width, filters]))
            result.append((f"{name}/conv1/kernel", [3, 3, width, filters]))
            result += [(f"{name}/normalization2/scale", [filters]), (f"{name}/normalization2/offset", [filters])]
            result.append((f"{name}/conv2/kernel", [3, 3, filters, filters]))
            width = filters
    result += [("normalization/scale", [width]), ("normalization/offset", [width])]
    return result + [("dense1/weight", [width + 1, classes])]


def drawn(layers):
    """Parameters whose size is that of initial weights, so that no layer drowns the others."""
    result = []
    for index, (name, shape) in enumerate(layers):
        values = noise(int(np.prod(shape)), index).reshape(shape)
        if name.endswith("scale"):
            values = 1 + 0.4 * values
        elif name.endswith("offset"):
            values = 0.4 * values
        else:
            values = values * (3 / np.prod(shape[:-1])) ** 0.5
        result.append(values.requires_grad_())
    return result


class Network:
    def __init__(self, stages, large, parameters, averages=None):
        self.stages, self.large, self.rest = stages, large, iter(parameters)
        self.averages = None if averages is None else iter(averages)
        self.statistics = []

    def convolution(self, values, stride):
        kernel = next(self.rest).permute(3, 2, 0, 1)
        return F.conv2d(values, kernel, stride=stride, padding=(kernel.shape[2] - 1) // 2)

    def normalization(self, values):
        scale, offset = next(self.rest), next(self.rest)
        if self.averages is not None:
            mean, variance = next(self.averages), next(self.averages)
            return F.relu(F.batch_norm(values, mean, variance, scale, offset, False, 0.0, EPSILON))
        self.statistics += [values.mean((0, 2, 3)).detach(), values.var((0, 2, 3), unbiased=False).detach()]
        return F.relu(F.batch_norm(values, None, None, scale, offset, True, 0.0, EPSILON))

    def pooled(self, values):
        """3 by 3 with a stride of 2 and TensorFlow's padding `SAME`: what is odd comes after."""
        pads = []
        for size in (values.shape[3], values.shape[2]):
            missing = max(((size + 1) // 2 - 1) * 2 + 3 - size, 0)
            pads += [missing // 2, missing - missing // 2]
        return F.max_pool2d(F.pad(values, pads, value=-float("inf")), 3, 2)

    def __call__(self, images):
        values = self.convolution(images.permute(0, 3, 1, 2), 2 if self.large else 1)
        if self.large:
            values = self.pooled(values)
        for blocks, _, stride in self.stages:
            for block in range(blocks):
                entrance = self.normalization(values)
                shortcut = values
                if block == 0:
                    shortcut = self.convolution(entrance, stride)
                values = self.convolution(entrance, stride if block == 0 else 1)
                values = self.convolution(self.normalization(values), 1) + shortcut
        values = self.normalization(values).mean((2, 3))
        weight = next(self.rest)
        return values @ weight[:-1] + weight[-1]


def stages_of(layers, large):
    if large:
        blocks = {18: [2, 2, 2, 2], 34: [3, 4, 6, 3]}[layers]
    else:
        blocks = [(layers - 2) // 6] * 3
    return [(count, (64 if large else 16) << index, 1 if index == 0 else 2) for index, count in enumerate(blocks)]


def followed(averages, weight, values):
    """Running averages after a step with these values, and their total weight."""
    moved = [DECAY * average + (1 - DECAY) * value for average, value in zip(averages, values)]
    return moved, DECAY * weight + (1 - DECAY)


def summary(gradient, index):
    """A large gradient in two numbers: its length, and its product with noise."""
    flat = gradient.reshape(-1)
    return [float(flat.norm()), float(flat @ noise(flat.numel(), 2000 + index))]


def residual(layers, large, size, examples=4, classes=3, steps=3):
    stages = stages_of(layers, large)
    names = layers_of(stages, size[2], classes, large)
    parameters = drawn(names)
    labels = torch.arange(examples) % classes

    def images(step):
        return noise(examples * int(np.prod(size)), 1000 + step).reshape([examples] + size)

    network = Network(stages, large, parameters)
    logits = network(images(0))
    gradients = torch.autograd.grad(F.cross_entropy(logits, labels), parameters)
    averages, weight = [torch.zeros_like(value) for value in network.statistics], 0.0
    for step in range(steps):
        network = Network(stages, large, parameters)
        network(images(step))
        averages, weight = followed(averages, weight, network.statistics)
    evaluation = Network(stages, large, parameters, [average / weight for average in averages])(images(0))
    fresh = [torch.full_like(average, index % 2) for index, average in enumerate(averages)]
    untrained = Network(stages, large, parameters, fresh)(images(0))
    return {
        "logits": logits.reshape(-1).tolist(),
        "gradients": [summary(gradient, index) for index, gradient in enumerate(gradients)],
        "carried": [weight] + [summary(average, index) for index, average in enumerate(averages)],
        "evaluationLogits": evaluation.reshape(-1).tolist(),
        "untrainedLogits": untrained.reshape(-1).tolist(),
    }


def normalization():
    """A normalization alone, of [2, 3, 2, 3] values: output, gradients, running averages of three steps, evaluation."""
    shape = [2, 3, 2, 3]
    scale = (1 + 0.4 * noise(3, 101)).requires_grad_()
    offset = (0.4 * noise(3, 102)).requires_grad_()
    direction = noise(36, 103).reshape(shape)
    averages, weight = [torch.zeros(3, dtype=torch.float64)] * 2, 0.0
    for step in range(3):
        values = (2 * noise(36, 110 + step) + step).reshape(shape).requires_grad_()
        channels = values.reshape(-1, 3)
        output = F.batch_norm(channels, None, None, scale, offset, True, 0.0, EPSILON).reshape(shape)
        statistics = [channels.mean(0).detach(), channels.var(0, unbiased=False).detach()]
        averages, weight = followed(averages, weight, statistics)
    gradients = torch.autograd.grad((output * direction).sum(), [values, scale, offset])
    mean, variance = [average / weight for average in averages]
    evaluation = F.batch_norm(channels, mean, variance, scale, offset, False, 0.0, EPSILON)
    return {
        "output": output.reshape(-1).tolist(),
        "gradients": [gradient.reshape(-1).tolist() for gradient in gradients],
        "averages": [average.tolist() for average in averages],
        "weight": weight,
        "evaluation": evaluation.reshape(-1).tolist(),
    }


def counts():
    def count(layers, large, classes):
        names = layers_of(stages_of(layers, large), 3, classes, large)
        return sum(int(np.prod(shape)) for _, shape in names)

    cifar = [[layers, count(layers, False, 10)] for layers in (8, 14, 20, 32, 44, 56, 110)]
    return {"cifar": cifar, "imagenet": [[layers, count(layers, True, 1000)] for layers in (18, 34)]}


def distance(found, computed):
    """The largest difference between numbers at the same places, relative to those above 1; infinite where places differ."""
    if isinstance(computed, dict):
        return max(distance(found[name], value) for name, value in computed.items())
    if isinstance(computed, list):
        if len(found) != len(computed):
            return float("inf")
        return max((distance(*pair) for pair in zip(found, computed)), default=0)
    return abs(found - computed) / max(1, abs(computed))


def main():
    torch.set_default_dtype(torch.float64)
    computed = {
        "normalization": normalization(),
        "cifar": residual(8, False, [8, 8, 3]),
        "imagenet": residual(18, True, [32, 40, 3]),
        "parameterCounts": counts(),
    }
    if PATH.exists():
        print(f"{PATH.name}: {distance(json.loads(PATH.read_text()), computed):.1e}")
    if "--write" in sys.argv[1:]:
        PATH.write_text(json.dumps(computed) + "\n")


main()
