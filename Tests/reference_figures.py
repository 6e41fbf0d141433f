"""Computes the reference figures of Tests/*/Reference again, in float64, with JAX and PyTorch.

    python3 -m venv peers && peers/bin/pip install jax torch
    peers/bin/python Tests/reference_figures.py            # says how far each file's figures are from these
    peers/bin/python Tests/reference_figures.py --write    # and writes these in their place

What goes in (weights, data, directions) stays as it is in the files, which were drawn once; what comes out is computed.
"""

import json
import sys
from pathlib import Path

import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)
FOLDER = Path(__file__).parent


def array(entry):
    return jnp.asarray(entry["values"], jnp.float64).reshape(entry["shape"])


def arrays(entries):
    if isinstance(entries, list):
        return [array(entry) for entry in entries]
    return {name: array(entry) for name, entry in entries.items()}


def entry(values):
    """Numbers as the files have them: with their shape."""
    values = jnp.asarray(values)
    return {"shape": list(values.shape), "values": values.reshape(-1).tolist()}


def derivatives(outputs, parameters, direction, labels):
    """Loss, gradient and curvature products of a classifier with outputs `outputs(parameters)`."""

    def loss_of(logits):
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], 1))

    def loss(parameters):
        return loss_of(outputs(parameters))

    logits, tangent = jax.jvp(outputs, (parameters,), (direction,))
    _, ahead = jax.jvp(jax.grad(loss_of), (logits,), (tangent,))
    (product,) = jax.vjp(outputs, parameters)[1](ahead)
    gradient = jax.grad(loss)
    return {
        "logits": entry(logits),
        "loss": float(loss_of(logits)),
        "gradients": [entry(values) for values in gradient(parameters)],
        "hessianVectorProduct": [entry(values) for values in jax.jvp(gradient, (parameters,), (direction,))[1]],
        "gaussNewtonVectorProduct": [entry(values) for values in product],
    }


def student(given):
    inputs, labels = array(given["inputs"]), jnp.asarray(given["labels"])

    def outputs(weights):
        values = inputs
        for index, weight in enumerate(weights):
            if index > 0:
                values = jax.nn.sigmoid(values)
            values = values @ weight[:-1] + weight[-1]
        return values

    return derivatives(outputs, arrays(given["weights"]), arrays(given["direction"]), labels)


def convnet(given):
    inputs, labels = array(given["inputs"]), jnp.asarray(given["labels"])
    parameters = list(arrays(given["parameters"]).values())

    def outputs(parameters):
        kernel, bias, gamma, beta, weight, offset = parameters
        values = jax.lax.conv_general_dilated(
            inputs, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")) + bias
        mean, variance = values.mean((0, 1, 2)), values.var((0, 1, 2))
        values = jax.nn.relu(gamma * (values - mean) / jnp.sqrt(variance + 1e-5) + beta)
        values = jax.lax.reduce_window(values, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
        return values.reshape(len(values), -1) @ weight + offset

    return derivatives(outputs, parameters, arrays(given["direction"]), labels)


def learned_optimizer(given):
    matrix, target, start = array(given["W"]), array(given["y"]), array(given["theta0"])
    parameters = arrays(given["parameters"])

    def loss(theta):
        return jnp.mean(jnp.sum((jnp.einsum("bij,bj->bi", matrix, theta) - target) ** 2, 1))

    def cell(inputs, output, cell, weight, bias):
        entrance, candidate, forget, leave = jnp.split(jnp.concatenate([inputs, output], 1) @ weight + bias, 4, 1)
        cell = jax.nn.sigmoid(forget + 1) * cell + jax.nn.sigmoid(entrance) * jnp.tanh(candidate)
        return jax.nn.sigmoid(leave) * jnp.tanh(cell), cell

    def unroll(parameters, second, factor):
        theta, losses = start, [loss(start)]
        states = [
            (jnp.zeros((theta.size, units)), jnp.zeros((theta.size, units)))
            for units in (parameters["lstm1.bias"].size // 4, parameters["lstm2.bias"].size // 4)]
        for _ in range(5):
            gradient = jax.grad(loss)(theta)
            gradient = (gradient if second else jax.lax.stop_gradient(gradient)).reshape(-1, 1)
            values = jnp.concatenate(
                [
                    jnp.maximum(jnp.log(jnp.abs(gradient) + 2.0**-23) / 5, -1),
                    jnp.clip(gradient * jnp.exp(5.0), -1, 1),
                ], 1)
            for layer in range(2):
                name = f"lstm{layer + 1}"
                states[layer] = cell(values, *states[layer], parameters[name + ".weight"], parameters[name + ".bias"])
                values = states[layer][0]
            change = 0.1 * (values @ parameters["linear.weight"] + parameters["linear.bias"])
            theta = theta + change.reshape(theta.shape) + factor * theta
            losses.append(loss(theta))
        return sum(losses), (losses, theta)

    def case(second, factor):
        (meta_loss, (losses, theta)), gradient = jax.value_and_grad(unroll, has_aux=True)(parameters, second, factor)
        return {
            "losses": [float(value) for value in losses],
            "metaLoss": float(meta_loss),
            "finalParameters": entry(theta),
            "metaGradient": {name: entry(values) for name, values in gradient.items()},
        }

    return {
        "cases": {
            "firstOrder": case(False, 0.0), "secondDerivatives": case(True, 0.0), "fixedLambda": case(False, 0.01)
        }
    }


def conjugate_gradients(given):
    matrix, right, diagonal, solution = (array(given[name]) for name in ("A", "b", "P", "x0"))
    residual = right - matrix @ solution
    preconditioned = diagonal * residual
    direction, iterations = preconditioned, []
    for _ in range(4):
        product = matrix @ direction
        alpha = residual @ preconditioned / (direction @ product)
        solution, next_residual = solution + alpha * direction, residual - alpha * product
        next_preconditioned = diagonal * next_residual
        beta = next_residual @ next_preconditioned / (residual @ preconditioned)
        residual, preconditioned = next_residual, next_preconditioned
        direction = preconditioned + beta * direction
        iterations.append({"x": entry(solution), "residual": entry(residual), "alpha": float(alpha)})
    return {"iterations": iterations}


def optimizers(given):
    import torch  # so that the other files can do without

    rules = {
        "sgd": lambda point: torch.optim.SGD([point], lr=0.1),
        "momentum": lambda point: torch.optim.SGD([point], lr=0.1, momentum=0.9),
        "nesterov": lambda point: torch.optim.SGD([point], lr=0.1, momentum=0.9, nesterov=True),
        "adagrad": lambda point: torch.optim.Adagrad([point], lr=0.1, eps=1e-10),
        "rmsprop": lambda point: torch.optim.RMSprop([point], lr=0.01, alpha=0.9, eps=1e-8),
        "adam": lambda point: torch.optim.Adam([point], lr=0.01, eps=1e-8),
        "adamw": lambda point: torch.optim.AdamW([point], lr=0.01, eps=1e-8, weight_decay=0.01),
    }

    def trajectory(make):
        point = torch.tensor(given["start"], dtype=torch.float64, requires_grad=True)
        rule, points = make(point), []
        for gradient in given["gradients"]:
            point.grad = torch.tensor(gradient, dtype=torch.float64)
            rule.step()
            points.append(point.tolist())
        return points

    return {"trajectories": {name: trajectory(make) for name, make in rules.items()}}


FILES = {
    "OptimizersTests/Reference/optimizers.json": optimizers,
    "OptimizersTests/Reference/pcg.json": conjugate_gradients,
    "ProblemsTests/Reference/student.json": student,
    "ProblemsTests/Reference/convnet.json": convnet,
    "MetaTrainingTests/Reference/lstm-optimizer.json": learned_optimizer,
}


def distance(found, computed):
    """The largest difference between numbers at the same places, relative to those above 1; infinite where places differ."""
    if isinstance(computed, dict):
        return max((distance(found[name], value) for name, value in computed.items()), default=0)
    if isinstance(computed, list):
        if len(found) != len(computed):
            return float("inf")
        return max((distance(*pair) for pair in zip(found, computed)), default=0)
    return abs(found - computed) / max(1, abs(computed))


def main():
    for name, compute in FILES.items():
        path = FOLDER / name
        given = json.loads(path.read_text())
        computed = compute(given)
        print(f"{name}: {distance(given, computed):.1e}")
        if "--write" in sys.argv[1:]:
            path.write_text(json.dumps(given | computed) + "\n")


main()
