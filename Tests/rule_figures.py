"""Makes OptimizersTests/Reference/rules.json: steps of hand-designed rules on fixed gradients, by their published code.

    python Tests/rule_figures.py

Rprop by PyTorch, Lion and NAdamW by optax, Schedule-Free SGD and AdamW by the authors' package schedulefree, all in float64,
from the start and the gradients of optimizers.json. Of the last two also the averages, by which they are judged.

SOAP on gradients of a matrix and a vector, written out in NumPy's float64 (below) and held against pytorch_optimizer, whose
orthogonalization is in float32. L-BFGS on a function of six variables, by the dense matrices of Nocedal and Wright 2006,
equations 7.16 and 7.19, which no recursion of two loops is in.
"""

import json
from pathlib import Path

import jax

jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
import numpy as np
import optax
import pytorch_optimizer
import schedulefree
import torch

folder = Path(__file__).parent / "OptimizersTests/Reference"
given = json.loads((folder / "optimizers.json").read_text())


def by_torch(make, judge=lambda optimizer, parameter: None):
    parameter = torch.nn.Parameter(torch.tensor(given["start"], dtype=torch.float64))
    optimizer = make([parameter])
    steps, judged = [], []
    for gradient in given["gradients"]:
        parameter.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        steps.append(parameter.tolist())
        judged.append(judge(optimizer, parameter))
    return steps, judged


def by_optax(rule):
    parameter = jnp.array(given["start"])
    state = rule.init(parameter)
    steps = []
    for gradient in given["gradients"]:
        update, state = rule.update(jnp.array(gradient), state, parameter)
        parameter = optax.apply_updates(parameter, update)
        steps.append(parameter.tolist())
    return steps


def schedule_free(kind, **settings):
    def make(parameters):
        optimizer = kind(parameters, foreach=False, **settings)
        optimizer.train()
        return optimizer

    def judge(optimizer, parameter):
        optimizer.eval()
        average = parameter.tolist()
        optimizer.train()
        return average

    return by_torch(make, judge)


def drawn_gradients(steps=12, seed=5):
    """Of a 4 x 4 matrix and a vector. The first is diagonal and descending: its eigenvectors are the axes, in order."""
    generator = np.random.default_rng(seed)
    first = np.diag([2.0, -1.5, 1.0, 0.5])
    matrices = [first] + [generator.normal(size=(4, 4)) for _ in range(steps - 1)]
    return matrices, [generator.normal(size=5) for _ in range(steps)]


def soap(matrices, vectors, rate, beta1, beta2, shampoo_beta, epsilon, decay, frequency):
    """Vyas et al. 2024, algorithm 3, as in the authors' program."""
    weight, bias = np.full((4, 4), 0.5), np.full(5, 0.5)
    means = [np.zeros((4, 4)), np.zeros(5)]
    squares = [np.zeros((4, 4)), np.zeros(5)]
    left, right = np.zeros((4, 4)), np.zeros((4, 4))
    left_basis, right_basis = np.eye(4), np.eye(4)
    steps = []
    for step, (matrix, vector) in enumerate(zip(matrices, vectors)):
        if step > 0:
            size = rate * np.sqrt(1 - beta2**step) / (1 - beta1**step)
            means = [beta1 * mean + (1 - beta1) * gradient for mean, gradient in zip(means, (matrix, vector))]
            turned = left_basis.T @ matrix @ right_basis
            squares = [beta2 * square + (1 - beta2) * g**2 for square, g in zip(squares, (turned, vector))]
            direction = left_basis.T @ means[0] @ right_basis / (np.sqrt(squares[0]) + epsilon)
            weight = (weight - size * left_basis @ direction @ right_basis.T) * (1 - rate * decay)
            bias = (bias - size * means[1] / (np.sqrt(squares[1]) + epsilon)) * (1 - rate * decay)
        left = shampoo_beta * left + (1 - shampoo_beta) * matrix @ matrix.T
        right = shampoo_beta * right + (1 - shampoo_beta) * matrix.T @ matrix
        if step > 0 and step % frequency == 0:
            order = np.argsort(-np.diag(left_basis.T @ left @ left_basis))
            squares[0] = squares[0][order]
            left_basis = np.linalg.qr((left @ left_basis)[:, order])[0]
            order = np.argsort(-np.diag(right_basis.T @ right @ right_basis))
            squares[0] = squares[0][:, order]
            right_basis = np.linalg.qr((right @ right_basis)[:, order])[0]
        steps.append([weight.ravel().tolist(), bias.tolist()])
    return steps


def soap_by_package(matrices, vectors, rate, beta1, beta2, shampoo_beta, epsilon, decay, frequency):
    weight = torch.nn.Parameter(torch.full((4, 4), 0.5, dtype=torch.float64))
    bias = torch.nn.Parameter(torch.full((5,), 0.5, dtype=torch.float64))
    optimizer = pytorch_optimizer.SOAP(
        [weight, bias], lr=rate, betas=(beta1, beta2), shampoo_beta=shampoo_beta, eps=epsilon, weight_decay=decay,
        precondition_frequency=frequency)
    steps = []
    for matrix, vector in zip(matrices, vectors):
        weight.grad, bias.grad = torch.tensor(matrix), torch.tensor(vector)
        optimizer.step()
        steps.append([weight.ravel().tolist(), bias.tolist()])
    return steps


def checked_soap(frequency):
    settings = dict(rate=0.01, beta1=0.9, beta2=0.95, shampoo_beta=0.8, epsilon=1e-8, decay=0.1, frequency=frequency)
    ours, theirs = soap(*drawn_gradients(), **settings), soap_by_package(*drawn_gradients(), **settings)
    error = max(np.abs(np.subtract(a, b)).max() for mine, other in zip(ours, theirs) for a, b in zip(mine, other))
    assert error < 1e-6, error
    return ours


def bowl():
    """f(x) = x'Ax / 2 + sum of x to the fourth / 4, and where it begins."""
    generator = np.random.default_rng(6)
    factor = generator.normal(size=(6, 6))
    return factor @ factor.T / 6 + 0.1 * np.eye(6), generator.normal(size=6)


def lbfgs(rate, history, halvings, steps=12):
    matrix, x = bowl()
    loss = lambda x: x @ matrix @ x / 2 + (x**4).sum() / 4
    gradient = lambda x: matrix @ x + x**3
    pairs, trajectory = [], []
    for _ in range(steps):
        inverse = np.eye(6)
        if pairs:
            s, y = pairs[-1]
            inverse = (s @ y) / (y @ y) * np.eye(6)
        for s, y in pairs:
            rho = 1 / (y @ s)
            v = np.eye(6) - rho * np.outer(y, s)
            inverse = v.T @ inverse @ v + rho * np.outer(s, s)
        direction, here = inverse @ gradient(x), loss(x)
        t = rate
        for _ in range(halvings):
            if loss(x - t * direction) < here - 1e-4 * t * (gradient(x) @ direction):
                break
            t /= 2
        s, y = -t * direction, gradient(x - t * direction) - gradient(x)
        if s @ y > 1e-10 * (y @ y):
            pairs = (pairs + [(s, y)])[-history:]
        x = x + s
        trajectory.append(x.tolist())
    return trajectory


sgd, sgd_averages = schedule_free(schedulefree.SGDScheduleFree, lr=0.1, weight_decay=0.01, warmup_steps=4)
adamw, adamw_averages = schedule_free(schedulefree.AdamWScheduleFree, lr=0.01, weight_decay=0.01)
figures = {
    "about": "Ten steps on the gradients of optimizers.json, float64: rprop by PyTorch (first step 0.1), lion and nadamw by "
    "optax (rate 0.01, weight decay 0.01), scheduleFreeSGD (rate 0.1, warmup 4) and scheduleFreeAdamW (rate 0.01) by "
    "schedulefree, with weight decay 0.01",
    "trajectories": {
        "rprop": by_torch(lambda parameters: torch.optim.Rprop(parameters, lr=0.1))[0],
        "lion": by_optax(optax.lion(0.01, b1=0.9, b2=0.99, weight_decay=0.01)),
        "nadamw": by_optax(optax.nadamw(0.01, weight_decay=0.01)),
        "scheduleFreeSGD": sgd,
        "scheduleFreeAdamW": adamw,
    },
    "averages": {"scheduleFreeSGD": sgd_averages, "scheduleFreeAdamW": adamw_averages},
    "soap": {
        "about": "Rate 0.01, betas 0.9 and 0.95, of the products 0.8, weight decay 0.1, from 0.5; bases follow every step, "
        "or every three",
        "gradients": [[m.ravel().tolist(), v.tolist()] for m, v in zip(*drawn_gradients())],
        "trajectories": {"1": checked_soap(1), "3": checked_soap(3)},
    },
    "lbfgs": {
        "about": "x'Ax / 2 + sum of x^4 / 4; rate, history and halvings are the trajectories' names",
        "matrix": bowl()[0].ravel().tolist(),
        "start": bowl()[1].tolist(),
        "trajectories": {
            f"{rate} {history} {halvings}": lbfgs(rate, history, halvings)
            for rate, history, halvings in [(0.5, 3, 0), (1, 10, 0), (4, 4, 6)]
        },
    },
}
(folder / "rules.json").write_text(json.dumps(figures) + "\n")
print({name: steps[-1] for name, steps in figures["trajectories"].items()})
