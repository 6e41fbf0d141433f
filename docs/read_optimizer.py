"""Reads a learned optimizer's file and computes its updates, with NumPy or PyTorch.

    journal export optimizer example --to example.safetensors --journal journal.sqlite.example
    python docs/read_optimizer.py example.safetensors

prints what the file holds. In a program of one's own:

    optimizer = LearnedOptimizer("example.safetensors", library=torch)
    for each step:
        parameters = optimizer.update(parameters, gradients)     # lists of tensors
"""

import json
import math
import struct
import sys

import numpy as np


def read(path):
    """The metadata and the tensors, NumPy arrays by name, of a safetensors file."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    types = {"F32": "<f4", "F64": "<f8"}
    return metadata, {
        name: np.frombuffer(data[slice(*entry["data_offsets"])], types[entry["dtype"]]).reshape(entry["shape"]).copy()
        for name, entry in header.items()
    }


class LearnedOptimizer:
    """A learned optimizer of one of these kinds. Its first update makes its state, for tensors of these shapes."""

    kinds = ("lstm", "kernelLstm", "tensorLstm", "rnnprop", "mlp")

    def __init__(self, path, library=np):
        self.library = library
        metadata, tensors = read(path)
        self.kind = metadata["kind"]
        self.settings = json.loads(metadata["configuration"])
        self.weights = {name: library.asarray(values) for name, values in tensors.items()}
        self.step = 0
        self.state = {}
        if self.kind not in self.kinds:
            raise NotImplementedError(f"this reader computes no updates of {self.kind}")

    def update(self, parameters, gradients):
        """The parameter tensors after one more step, from those before it and the loss's gradients there."""
        self.step += 1
        rows = [self._rows(tensor) for tensor in parameters]
        moved = self._move(rows, [self._rows(tensor) for tensor in gradients])
        return [self._tensor(values, tensor) for values, tensor in zip(moved, parameters)]

    def _move(self, parameters, gradients):
        """The same of tensors as rows, as the network reads them."""
        sizes = [len(tensor) for tensor in parameters]
        parameters, gradient = self.library.concatenate(parameters, 0), self.library.concatenate(gradients, 0)
        if self.kind == "mlp":
            moved = self._mlp(parameters[:, 0], gradient[:, 0], sizes)[:, None]
        elif self.kind == "rnnprop":
            moved = self._rnnprop(parameters[:, 0], gradient[:, 0])[:, None]
        else:
            moved = self._lstm(parameters, gradient)
        starts = [sum(sizes[:index]) for index in range(len(sizes))]
        return [moved[start : start + size] for start, size in zip(starts, sizes)]

    def _rows(self, tensor):
        """A tensor as [rows, elements]: elements one by one, kernel by kernel, or tensor by tensor."""
        if self.kind == "kernelLstm":
            return tensor.reshape(math.prod(self.settings["kernel"]), -1).T
        return tensor.reshape(-1, self.settings["elements"] if self.kind == "tensorLstm" else 1)

    def _tensor(self, rows, like):
        """The way back from rows, to the shape of a tensor."""
        return (rows.T if self.kind == "kernelLstm" else rows).reshape(like.shape)

    def _lstm(self, parameters, gradient):
        scale = self.settings.get("outputScale", 0.01)
        feedback = self.settings.get("lambda", 0)
        values = self._recurrent(
            self._read_gradient(gradient), self.settings.get("layers", [20, 20]),
            averaging=self.settings.get("averagingCells", 0))
        changed = parameters + self._linear("linear", values) * scale
        if feedback == "learned":
            return changed + parameters * (self.library.tanh(self._linear("lambda", values)) * 0.1)
        return changed + parameters * feedback

    def _rnnprop(self, parameters, gradient):
        xp, settings = self.library, self.settings
        beta1, beta2 = settings.get("beta1", 0.95), settings.get("beta2", 0.95)
        mean = self._average("mean", gradient, beta1)
        square = self._average("square", gradient * gradient, beta2)
        size = xp.sqrt(square * (1 / (1 - beta2**self.step)) + settings.get("epsilon", 1e-8) ** 2)
        inputs = xp.stack([gradient / size, mean * (1 / (1 - beta1**self.step)) / size], 1)
        values = self._linear("preprocessing", inputs)
        values = xp.clip(values, 0, None) + (xp.exp(xp.clip(values, None, 0)) - 1)  # ELU
        values = self._recurrent(values, settings.get("layers", [20, 20]))
        return parameters + xp.tanh(self._linear("linear", values)[:, 0]) * settings.get("outputScale", 0.1)

    def _mlp(self, parameters, gradient, sizes):
        xp, settings = self.library, self.settings
        decays = [0.1, 0.5, 0.9, 0.99, 0.999, 0.9999]
        times = [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000]
        averages = [self._average(decay, gradient, decay) for decay in decays]
        features = xp.stack([gradient, parameters] + averages, 1)
        tensors = [features[sum(sizes[:index]) :][:size] for index, size in enumerate(sizes)]
        normalized = xp.concatenate([own / xp.sqrt((own * own).mean(0) + 1e-5) for own in tensors], 0)
        time = [xp.zeros_like(gradient) + math.tanh((self.step - 1) / time - 1) for time in times]
        values = xp.concatenate([normalized, xp.stack(time, 1)], 1)
        for layer in range(1, len(settings.get("hidden", [32, 32])) + 1):
            values = xp.clip(self._linear(f"hidden{layer}", values), 0, None)
        values = self._linear("output", values)
        magnitude = xp.exp(values[:, 1] * settings.get("exponentScale", 0.001))
        return parameters - values[:, 0] * magnitude * settings.get("outputScale", 0.001)

    def _read_gradient(self, gradient):
        """What an LSTM sees of a gradient, [rows, inputs]."""
        xp = self.library
        inputs = self.settings.get("inputs", {"kind": "logAndSign"})
        if inputs["kind"] == "identity":
            return gradient
        k = inputs.get("k", 5)
        magnitude = xp.clip(xp.log(xp.abs(gradient) + 2.0**-23) * (1 / k), -1, None)
        return xp.concatenate([magnitude, xp.clip(gradient * math.exp(k), -1, 1)], 1)

    def _recurrent(self, values, layers, averaging=0):
        """LSTM layers, [rows, inputs] to [rows, units of the last]."""
        xp = self.library
        prefix = "averagingLstm" if averaging > 0 else "lstm"
        for index, units in enumerate(layers, start=1):
            name = f"{prefix}{index}"
            output, cell = self.state.get(index, (None, None))
            if output is None:
                output = cell = xp.zeros_like(values[:, :1]) + xp.zeros_like(self.weights[f"{name}/bias"][:units])
            gates = self._linear(name, xp.concatenate([values, output], 1))
            entry, candidate, forget, leave = (gates[:, gate * units : (gate + 1) * units] for gate in range(4))
            cell = self._sigmoid(forget + 1) * cell + self._sigmoid(entry) * xp.tanh(candidate)
            values = self._sigmoid(leave) * xp.tanh(cell)
            if averaging > 0:
                own, shared = values[:, : units - averaging], values[:, units - averaging :]
                values = xp.concatenate([own, shared.mean(0)[None, :] + xp.zeros_like(shared)], 1)
            self.state[index] = (values, cell)
        return values

    def _linear(self, name, values):
        return values @ self.weights[f"{name}/weight"] + self.weights[f"{name}/bias"]

    def _sigmoid(self, values):
        return 1 / (1 + self.library.exp(-values))

    def _average(self, name, value, decay):
        self.state[name] = decay * self.state.get(name, self.library.zeros_like(value)) + (1 - decay) * value
        return self.state[name]


if __name__ == "__main__":
    metadata, tensors = read(sys.argv[1])
    print(metadata["kind"], json.loads(metadata["configuration"]))
    print("learned by", metadata.get("experiment"), "with an evaluation loss of", metadata.get("evaluationLoss"))
    for name, tensor in tensors.items():
        print(name, tensor.shape, tensor.dtype)
