"""Computes the reference figures of Kronecker-factored curvature, in float64, with NumPy alone and dense inverses.

    python3 Tests/kfac_figures.py            # says how far the file's figures are from these
    python3 Tests/kfac_figures.py --write    # and writes these in their place

Everything is written out: convolutions as loops over positions, derivatives by hand, factors example by example.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np

PATH = Path(__file__).parent / "MetaTrainingTests/Reference/kfac.json"
GOLDEN = (math.sqrt(5) - 1) / 2


def noise(shape, salt):
    """Numbers from -1 to 1 that look like noise: a quadratic of the index, modulo 2^32."""
    index = np.arange(int(np.prod(shape)), dtype=np.uint64)
    whole = (index * index + np.uint64(7) * index + np.uint64(1000003 * salt)) * np.uint64(2654435761)
    return ((whole % np.uint64(2**32)).astype(np.float64) / 2.0**31 - 1).reshape(shape)


class Dense:
    """Weights [inputs + 1, units]; the last row is the bias."""

    def __init__(self, parameters):
        (self.weight,) = parameters

    def patches(self, values):
        rows = values.reshape(len(values), 1, -1)
        return np.concatenate([rows, np.ones((len(values), 1, 1))], axis=2)

    def matrix(self):
        return self.weight

    def outputs(self, values):
        return (self.patches(values) @ self.matrix())[:, 0]

    def back(self, values, slopes):
        return (slopes @ self.weight[:-1].T).reshape(values.shape)

    def parts(self, matrix):
        return [matrix]


class Convolution:
    """A kernel [height, width, channels, filters] and its bias; padded as TensorFlow's `SAME`."""

    def __init__(self, parameters, stride):
        self.kernel, self.bias = parameters
        self.stride = stride

    def places(self, size, window):
        count = -(-size // self.stride)
        before = max((count - 1) * self.stride + window - size, 0) // 2
        return [position * self.stride - before for position in range(count)]

    def boxes(self, values):
        """For each position the places of the window that lie inside, in the window and in the image."""
        height, width = self.kernel.shape[:2]
        for down in self.places(values.shape[1], height):
            for across in self.places(values.shape[2], width):
                yield [
                    (i, j, down + i, across + j)
                    for i in range(height) for j in range(width)
                    if 0 <= down + i < values.shape[1] and 0 <= across + j < values.shape[2]
                ]

    def patches(self, values):
        result = []
        for box in self.boxes(values):
            window = np.zeros((len(values),) + self.kernel.shape[:3])
            for i, j, y, x in box:
                window[:, i, j] = values[:, y, x]
            flat = window.reshape(len(values), -1)
            result.append(np.concatenate([flat, np.ones((len(values), 1))], axis=1))
        return np.stack(result, axis=1)

    def matrix(self):
        return np.concatenate([self.kernel.reshape(-1, self.kernel.shape[3]), self.bias[None]])

    def outputs(self, values):
        sizes = [len(self.places(values.shape[1 + axis], self.kernel.shape[axis])) for axis in (0, 1)]
        return (self.patches(values) @ self.matrix()).reshape([len(values)] + sizes + [-1])

    def back(self, values, slopes):
        result = np.zeros_like(values)
        flat = slopes.reshape(len(values), -1, slopes.shape[-1])
        for position, box in enumerate(self.boxes(values)):
            for i, j, y, x in box:
                result[:, y, x] += flat[:, position] @ self.kernel[i, j].T
        return result

    def parts(self, matrix):
        return [matrix[:-1].reshape(self.kernel.shape), matrix[-1]]


ACTIVATIONS = {
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
}


def softmax(logits):
    shares = np.exp(logits - logits.max(1, keepdims=True))
    return shares / shares.sum(1, keepdims=True)


def sampled(probabilities, number):
    """The class of each example: the first whose cumulative probability exceeds its point."""
    result = np.zeros_like(probabilities)
    for example, row in enumerate(probabilities):
        point = (number + example / len(probabilities)) % 1
        total, chosen = 0.0, len(row) - 1
        for index, probability in enumerate(row[:-1]):
            total += probability
            if total > point:
                chosen = index
                break
        result[example, chosen] = 1
    return result


class Case:
    def __init__(self, settings, parameters):
        self.settings, self.parameters = settings, parameters

    def layers(self):
        rest, result = iter(self.parameters), []
        for stride in self.settings["strides"]:
            result.append(Convolution([next(rest), next(rest)], stride))
        return result + [Dense([weight]) for weight in rest]

    def forward(self, images):
        activation, _ = ACTIVATIONS[self.settings["activation"]]
        layers, values = self.layers(), images
        seen = []
        for index, layer in enumerate(layers):
            sums = layer.outputs(values)
            seen.append((layer, values, sums))
            values = activation(sums) if index < len(layers) - 1 else sums
        return seen, values

    def backward(self, seen, slopes):
        """The slopes of each layer's outputs, given those of the last one's."""
        _, derivative = ACTIVATIONS[self.settings["activation"]]
        result = [slopes]
        for (layer, values, _), (_, _, below) in zip(seen[:0:-1], seen[-2::-1]):
            result.append(layer.back(values, result[-1]).reshape(below.shape) * derivative(below))
        return result[::-1]

    def step(self, number, images, labels, state):
        given = self.settings
        seen, logits = self.forward(images)
        count, classes = logits.shape
        fraction = (number * GOLDEN) % 1
        if given["loss"] == "crossEntropy":
            shares = softmax(logits)
            slopes, drawn = shares - labels, sampled(shares, fraction)
            likelihood = drawn - shares
        else:
            slopes, drawn = logits - labels, sampled(np.full_like(logits, 1 / classes), fraction)
            likelihood = drawn * math.sqrt(classes)
        factors, gradients, steps = [], [], []
        kept = min(1 - 1 / number, given["decay"])
        losses, models = self.backward(seen, slopes / count), self.backward(seen, likelihood)
        for index, ((layer, values, _), loss, model) in enumerate(zip(seen, losses, models)):
            patches = layer.patches(values)
            units = layer.matrix().shape[1]
            loss, model = (flow.reshape(count, -1, units) for flow in (loss, model))
            a = sum(p.T @ p for p in patches) / count
            g = sum(m.T @ m for m in model) / (count * model.shape[1])
            factors.append((a, g))
            both = []
            for name, factor in (("a", a), ("g", g)):
                if len(factor) <= given["longestSide"]:
                    factor = kept * state.get((name, index), 0) + (1 - kept) * factor
                    state[name, index] = factor
                both.append(factor)
            a, g = both
            gradient = sum(p.T @ flow for p, flow in zip(patches, loss))
            ratio = math.sqrt((np.trace(a) / len(a)) / (np.trace(g) / len(g)))
            root = math.sqrt(given["damping"])
            left = np.linalg.inv(a + ratio * root * np.eye(len(a)))
            steps.append(left @ gradient @ np.linalg.inv(g + root / ratio * np.eye(len(g))))
            gradients.append(gradient)
        if given["klClip"]:
            size = given["learningRate"] ** 2 * sum((s * g).sum() for s, g in zip(steps, gradients))
            steps = [min(1, math.sqrt(given["klClip"] / abs(size))) * step for step in steps]
        moved = []
        for index, ((layer, _, _), step) in enumerate(zip(seen, steps)):
            state["v", index] = given["momentum"] * state.get(("v", index), 0) + step
            moved += layer.parts(layer.matrix() - given["learningRate"] * state["v", index])
        self.parameters = moved
        return {
            "classes": drawn.argmax(1).tolist(), "parameters": [entry(values) for values in moved],
            "factors": [[entry(a), entry(g)] for a, g in factors] if number == 1 else [],
        }


def entry(values):
    return {"shape": list(values.shape), "values": values.reshape(-1).tolist()}


def case(shapes, image, examples, classes, steps=3, **settings):
    usual = {
        "strides": [], "activation": "sigmoid", "loss": "crossEntropy", "learningRate": 0.1, "damping": 0.01,
        "decay": 0.5, "momentum": 0, "klClip": None, "longestSide": 640,
    }
    settings = usual | settings
    parameters = [noise(shape, salt) * (1.5 if len(shape) < 4 else 0.7) for salt, shape in enumerate(shapes)]
    network, state, results = Case(settings, parameters), {}, []
    for step in range(steps):
        images = 1 + noise([examples] + image, 100 + step)
        labels = np.eye(classes)[(np.arange(examples) * 3 + step) % classes]
        result = network.step(step + 1, images, labels, state)
        results.append({"images": entry(images), "labels": entry(labels)} | result)
    return {"settings": settings, "start": [entry(values) for values in parameters], "steps": results}


def figures():
    return {
        "about": "Three steps of Kronecker-factored curvature: the classes that are drawn, the factors of the first minibatch, "
        "and the parameters after each step; computed by Tests/kfac_figures.py.",
        "dense": case([[7, 5], [6, 4]], [6], 9, 4),
        "squaredError": case(
            [[8, 5], [6, 3]], [7], 5, 3, loss="squaredError", activation="tanh", longestSide=6, momentum=0.9,
            klClip=0.001),
        "convolutional": case(
            [[3, 3, 2, 3], [3], [2, 2, 3, 4], [4], [37, 3]], [5, 6, 2], 4, 3, strides=[2, 1], activation="tanh"),
    }


def distance(found, computed):
    """The largest difference between numbers at the same places; infinite where places differ."""
    if isinstance(computed, dict):
        return max((distance(found.get(name), value) for name, value in computed.items()), default=0)
    if isinstance(computed, list):
        if not isinstance(found, list) or len(found) != len(computed):
            return float("inf")
        return max((distance(*pair) for pair in zip(found, computed)), default=0)
    if isinstance(computed, float) and isinstance(found, (int, float)):
        return abs(found - computed) / max(1, abs(computed))
    return 0 if found == computed else float("inf")


def main():
    computed = figures()
    if PATH.exists():
        print(f"{PATH.name}: {distance(json.loads(PATH.read_text()), computed):.1e}")
    if "--write" in sys.argv[1:]:
        PATH.write_text(json.dumps(computed) + "\n")


main()
