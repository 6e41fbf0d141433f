"""What learned optimizers compute, written once for NumPy, PyTorch and JAX.

`docs/optimizers.md` has the same in symbols. `xp` is the library. Parameters and gradients are lists of tensors as
rows: of coordinates one by one, or of kernels or whole tensors where one network reads several elements at a time. A
tensor's state is a dictionary of arrays.
"""

import math

_DECAYS = (0.1, 0.5, 0.9, 0.99, 0.999, 0.9999)
_TIMES = (1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000)


def initial_state(kind, settings, count, zeros):
    """A tensor's state before the first step, of `count` rows; `zeros` makes an array of a shape."""
    state = {"step": zeros(())}
    if kind == "mlp":
        return state | {f"average{decay}": zeros((count,)) for decay in _DECAYS}
    if kind == "rnnprop":
        state |= {"mean": zeros((count,)), "square": zeros((count,))}
    for layer, units in enumerate(_layers(settings), start=1):
        state |= {f"output{layer}": zeros((count, units)), f"cell{layer}": zeros((count, units))}
    return state


def changes(xp, kind, settings, weights, parameters, gradients, states):
    """What a step adds to the rows of each tensor, and the states after it."""
    states = [state | {"step": state["step"] + 1} for state in states]
    rule = {"mlp": _perceptron, "rnnprop": _relative_gradient}.get(kind, _recurrent_network)
    return rule(xp, settings, weights, parameters, gradients, states), states


def averages_all(settings):
    """Whether what becomes of a tensor depends on all others."""
    return settings.get("averagingCells", 0) > 0


def _layers(settings):
    return settings.get("layers", [20, 20])


def _recurrent_network(xp, settings, weights, parameters, gradients, states):
    """`lstm`, `kernelLstm` and `tensorLstm`."""
    values = [_gradient_inputs(xp, settings, gradient) for gradient in gradients]
    values = _long_short_term_memory(xp, settings, weights, values, states)
    scale, feedback = settings.get("outputScale", 0.01), settings.get("lambda", 0)
    results = []
    for own, parameter in zip(values, parameters):
        change = _linear(weights, "linear", own) * scale
        factor = 0.1 * xp.tanh(_linear(weights, "lambda", own)) if feedback == "learned" else feedback
        results.append(change + parameter * factor)
    return results


def _gradient_inputs(xp, settings, gradient):
    inputs = settings.get("inputs", {"kind": "logAndSign"})
    if inputs["kind"] == "identity":
        return gradient
    k = inputs.get("k", 5)
    magnitude = xp.clip(xp.log(xp.abs(gradient) + 2.0**-23) * (1 / k), -1, None)
    return xp.concatenate([magnitude, xp.clip(gradient * math.exp(k), -1, 1)], 1)


def _relative_gradient(xp, settings, weights, parameters, gradients, states):
    """`rnnprop`."""
    beta1, beta2 = settings.get("beta1", 0.95), settings.get("beta2", 0.95)
    values = []
    for gradient, state in zip(gradients, states):
        gradient = gradient[:, 0]
        mean = _average(state, "mean", gradient, beta1) / _weight(xp, beta1, state["step"])
        square = _average(state, "square", gradient * gradient, beta2) / _weight(xp, beta2, state["step"])
        size = xp.sqrt(square + settings.get("epsilon", 1e-8) ** 2)
        own = _linear(weights, "preprocessing", xp.stack([gradient / size, mean / size], 1))
        values.append(xp.clip(own, 0, None) + xp.expm1(xp.clip(own, None, 0)))
    values = _long_short_term_memory(xp, settings, weights, values, states)
    return [xp.tanh(_linear(weights, "linear", own)) * settings.get("outputScale", 0.1) for own in values]


def _weight(xp, decay, step):
    """1 − decayᵗ, which the numbers averaged so far weigh, also where single precision would lose it."""
    return 1 if decay == 0 else -xp.expm1(step * math.log(decay))


def _perceptron(xp, settings, weights, parameters, gradients, states):
    """`mlp`."""
    hidden = len(settings.get("hidden", [32, 32]))
    names = [f"hidden{layer + 1}" for layer in range(hidden)] + ["output"]
    direction, exponent = settings.get("outputScale", 0.001), settings.get("exponentScale", 0.001)
    results = []
    for parameter, gradient, state in zip(parameters, gradients, states):
        parameter, gradient = parameter[:, 0], gradient[:, 0]
        averages = [_average(state, f"average{decay}", gradient, decay) for decay in _DECAYS]
        own = xp.stack([gradient, parameter, *averages], 1)
        own = own / xp.sqrt((own * own).mean(0) + 1e-5)
        time = xp.tanh(xp.stack([(state["step"] - 1) / time - 1 for time in _TIMES]))
        # What all coordinates have in common is multiplied once.
        first, bias = weights[f"{names[0]}/weight"], weights[f"{names[0]}/bias"]
        values = own @ first[: own.shape[1]] + (time @ first[own.shape[1] :] + bias)
        for name in names[1:]:
            values = _linear(weights, name, xp.clip(values, 0, None))
        change = values[:, 0] * xp.exp(values[:, 1] * exponent) * direction
        results.append(-change[:, None])
    return results


def _long_short_term_memory(xp, settings, weights, values, states):
    """LSTM layers, from each tensor's [rows, inputs] to its [rows, units of the last layer]."""
    averaging = settings.get("averagingCells", 0)
    prefix = "averagingLstm" if averaging else "lstm"
    for layer, units in enumerate(_layers(settings), start=1):
        outputs = []
        for own, state in zip(values, states):
            gates = _linear(weights, f"{prefix}{layer}", xp.concatenate([own, state[f"output{layer}"]], 1))
            entry, candidate, forget, leave = (gates[:, gate * units : (gate + 1) * units] for gate in range(4))
            cell = _sigmoid(xp, forget + 1) * state[f"cell{layer}"] + _sigmoid(xp, entry) * xp.tanh(candidate)
            state[f"cell{layer}"] = cell
            outputs.append(_sigmoid(xp, leave) * xp.tanh(cell))
        if averaging:
            outputs = _averaged(xp, outputs, units - averaging)
        for state, output in zip(states, outputs):
            state[f"output{layer}"] = output
        values = outputs
    return values


def _averaged(xp, outputs, own):
    """What layers put out, the cells after the first `own` replaced by their means over all rows of all tensors."""
    rows = sum(len(output) for output in outputs)
    mean = sum(output[:, own:].sum(0) for output in outputs) / rows
    return [xp.concatenate([output[:, :own], mean + xp.zeros_like(output[:, own:])], 1) for output in outputs]


def _linear(weights, name, values):
    return values @ weights[f"{name}/weight"] + weights[f"{name}/bias"]


def _sigmoid(xp, values):
    """1 / (1 + e⁻ˣ), in a form that does not overflow."""
    return 0.5 * xp.tanh(0.5 * values) + 0.5


def _average(state, name, value, decay):
    state[name] = decay * state[name] + (1 - decay) * value
    return state[name]
