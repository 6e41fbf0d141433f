"""Reads a learned optimizer's file and computes its updates, with NumPy or PyTorch.

    journal export optimizer example --to example.safetensors --journal journal.sqlite.example
    python docs/read_optimizer.py example.safetensors

prints what the file holds. In a program of one's own:

    optimizer = LearnedOptimizer("example.safetensors", library=torch)
    for each step:
        parameters = optimizer.update(parameters, gradient)     # vectors, one element a parameter
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
    """An `lstm`, `rnnprop` or `mlp` that was learned. Its first update makes its state, as long as the vectors are."""

    def __init__(self, path, library=np):
        self.library = library
        metadata, tensors = read(path)
        self.kind = metadata["kind"]
        self.settings = json.loads(metadata["configuration"])
        self.weights = {name: library.asarray(values) for name, values in tensors.items()}
        self.step = 0
        self.state = {}
        if self.kind not in ("lstm", "rnnprop", "mlp"):
            raise NotImplementedError(f"this reader computes no updates of {self.kind}")

    def update(self, parameters, gradient):
        """The parameters after one more step, from those before it and the loss's gradient there."""
        self.step += 1
        return getattr(self, "_" + self.kind)(parameters, gradient)

    def _lstm(self, parameters, gradient):
        scale = self.settings.get("outputScale", 0.01)
        feedback = self.settings.get("lambda", 0)
        values = self._recurrent(
            self._read_gradient(gradient), self.settings.get("layers", [20, 20]),
            averaging=self.settings.get("averagingCells", 0))
        changed = parameters + self._linear("linear", values)[:, 0] * scale
        if feedback == "learned":
            return changed + parameters * (self.library.tanh(self._linear("lambda", values)[:, 0]) * 0.1)
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

    def _mlp(self, parameters, gradient):
        xp, settings = self.library, self.settings
        decays = [0.1, 0.5, 0.9, 0.99, 0.999, 0.9999]
        times = [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000]
        correction = 1 / (1 - 0.999**self.step)
        averages = [self._average(decay, gradient, decay) for decay in decays]
        size = xp.sqrt(self._average("gradient square", gradient * gradient, 0.999) * correction + 1e-10)
        length = xp.sqrt(self._average("parameter square", parameters * parameters, 0.999) * correction + 1e-10)
        inputs = [gradient / size, parameters / length] + [average / size for average in averages]
        inputs += [xp.zeros_like(gradient) + math.tanh((self.step - 1) / time - 1) for time in times]
        values = xp.stack(inputs, 1)
        layers = len(settings.get("hidden", [32, 32])) + 1
        for layer in range(1, layers + 1):
            values = self._linear(f"dense{layer}", values)
            if layer < layers:
                values = xp.clip(values, 0, None)
        magnitude = xp.exp(values[:, 1] * settings.get("exponentScale", 0.001))
        return parameters - values[:, 0] * magnitude * settings.get("outputScale", 0.001)

    def _read_gradient(self, gradient):
        """What an `lstm` sees of a gradient, [parameters, inputs]."""
        xp = self.library
        inputs = self.settings.get("inputs", {"kind": "logAndSign"})
        if inputs["kind"] == "identity":
            return gradient[:, None]
        k = inputs.get("k", 5)
        magnitude = xp.clip(xp.log(xp.abs(gradient) + 2.0**-23) * (1 / k), -1, None)
        return xp.stack([magnitude, xp.clip(gradient * math.exp(k), -1, 1)], 1)

    def _recurrent(self, values, layers, averaging=0):
        """LSTM layers, [parameters, inputs] to [parameters, units of the last]."""
        xp = self.library
        for index, units in enumerate(layers, start=1):
            output, cell = self.state.get(index, (None, None))
            if output is None:
                output = cell = xp.zeros_like(values[:, :1]) + xp.zeros_like(self.weights[f"lstm{index}/bias"][:units])
            gates = self._linear(f"lstm{index}", xp.concatenate([values, output], 1))
            entry, candidate, forget, leave = (gates[:, gate * units : (gate + 1) * units] for gate in range(4))
            cell = self._sigmoid(forget + 1) * cell + self._sigmoid(entry) * xp.tanh(candidate)
            values = own = self._sigmoid(leave) * xp.tanh(cell)
            if averaging > 0:
                # What averaging cells put out counts from the next step on, as its mean over all parameters.
                keep = units - averaging
                mean = own[:, keep:].mean(0)[None, :] + xp.zeros_like(own[:, keep:])
                own = xp.concatenate([own[:, :keep], mean], 1)
                values = xp.concatenate([own[:, :keep], output[:, keep:]], 1)
            self.state[index] = (own, cell)
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
