"""Hessian-free optimization and MLHF (Chen, Lu and Fokoue 2018) in JAX: seconds of one step, or of one meta-step.

`hessian-free-mlp` and `hessian-free-convnet` take steps of four iterations of conjugate gradients on the Gauss-Newton
matrix of a minibatch; `mlhf-mlp` takes meta-steps of ten such steps, whose damping and preconditioner two LSTMs put out,
with the derivatives of both meta-losses. The networks' outputs are linearized once a step, and all products share that.
The images are noise: the cost does not depend on what they show.
"""
import measuring

chosen = measuring.options(["hessian-free-mlp", "hessian-free-convnet", "mlhf-mlp"])

from functools import partial

import jax
import jax.numpy as jnp

BATCH, CLASSES, ITERATIONS, UNROLL, UNITS = 128, 10, 4, 10, 4
LEAST_DAMPING, TOLERANCE = 2e-5, 1e-6
META_RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-8

image_key, label_key, run_key, weight_key, meta_key = jax.random.split(jax.random.PRNGKey(1), 5)
images = jax.random.uniform(image_key, (2_000, 32, 32, 3))
labels = jax.nn.one_hot(jax.random.randint(label_key, (2_000,), 0, CLASSES), CLASSES)


def mlp(layers, values):
    values = values.reshape(BATCH, -1)
    values = jax.nn.sigmoid(values @ layers["kernel1"] + layers["bias1"])
    return values @ layers["kernel2"] + layers["bias2"]


def block(values, kernel, bias):
    values = jax.lax.conv_general_dilated(
        values, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")
    )
    values = jax.nn.relu(values + bias)
    return jax.lax.reduce_window(values, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


def convnet(layers, values):
    values = block(values, layers["conv1"], layers["offset1"])
    values = block(values, layers["conv2"], layers["offset2"]).reshape(BATCH, -1)
    values = jax.nn.relu(values @ layers["kernel1"] + layers["bias1"])
    values = jax.nn.relu(values @ layers["kernel2"] + layers["bias2"])
    return values @ layers["kernel3"] + layers["bias3"]


SHAPES = {
    "mlp": {"kernel1": (3072, 20), "bias1": (20,), "kernel2": (20, CLASSES), "bias2": (CLASSES,)},
    "convnet": {
        "conv1": (5, 5, 3, 16), "offset1": (16,), "conv2": (5, 5, 16, 16), "offset2": (16,),
        "kernel1": (1024, 96), "bias1": (96,), "kernel2": (96, 48), "bias2": (48,),
        "kernel3": (48, CLASSES), "bias3": (CLASSES,),
    },
}
network, shapes = (convnet, SHAPES["convnet"]) if chosen.work == "hessian-free-convnet" else (mlp, SHAPES["mlp"])
parameters = {
    name: 0.05 * jax.random.normal(key, shape)
    for key, (name, shape) in zip(jax.random.split(weight_key, len(shapes)), shapes.items())
}


def cross_entropy(outputs, targets):
    return -jnp.mean(jnp.sum(targets * jax.nn.log_softmax(outputs), 1))


def inner(first, second):
    return sum(jnp.vdot(a, b) for a, b in zip(jax.tree.leaves(first), jax.tree.leaves(second)))


def axpy(scale, x, y):
    return jax.tree.map(lambda a, b: scale * a + b, x, y)


def linearized(point, batch, targets):
    """The loss, its gradient, and the Gauss-Newton product, which share one pass through the network."""
    outputs, forward = jax.linearize(lambda p: network(p, batch), point)
    backward = jax.linear_transpose(forward, point)
    probabilities = jax.nn.softmax(outputs)

    def product(vector):
        along = forward(vector)
        bent = probabilities * (along - jnp.sum(probabilities * along, 1, keepdims=True)) / BATCH
        return backward(bent)[0]

    return cross_entropy(outputs, targets), backward((probabilities - targets) / BATCH)[0], product


def solve(product, gradient, start, residual, precondition):
    solution, preconditioned = start, precondition(residual)
    direction, alignment = preconditioned, inner(residual, preconditioned)
    for _ in range(ITERATIONS):
        image = product(direction)
        bend = inner(direction, image)
        is_on = (bend > 0) & (inner(residual, residual) > TOLERANCE**2)
        length = jnp.where(is_on, alignment / jnp.where(bend > 0, bend, 1), 0)
        solution, residual = axpy(length, direction, solution), axpy(-length, image, residual)
        preconditioned = precondition(residual)
        following = inner(residual, preconditioned)
        ratio = following / jnp.where(alignment > 0, alignment, 1)
        direction, alignment = axpy(ratio, direction, preconditioned), following
    return solution, residual


def rows(key):
    chosen_rows = jax.random.randint(key, (BATCH,), 0, images.shape[0])
    return images[chosen_rows], labels[chosen_rows]


STEPS = 10


@jax.jit
def hessian_free(state, key):
    point, last = state
    for step_key in jax.random.split(key, STEPS):
        _, gradient, curvature = linearized(point, *rows(step_key))
        product = lambda vector: axpy(5e-3, vector, curvature(vector))
        residual = axpy(-1, product(last), gradient)
        last, _ = solve(product, gradient, last, residual, lambda vector: vector)
        point = axpy(-0.1, last, point)
    return point, last


KINDS = {"kernel": ["kernel1", "kernel2"], "bias": ["bias1", "bias2"]}


def columns(vector, kind):
    return jnp.concatenate([vector[name].ravel() for name in KINDS[kind]])


def restored(values):
    result = {}
    for kind, names in KINDS.items():
        start = 0
        for name in names:
            count = parameters[name].size
            result[name] = values[kind][start : start + count].reshape(parameters[name].shape)
            start += count
    return result


def network_weights(key):
    def layer(layer_key, inputs, outputs):
        bound = (6 / (inputs + outputs)) ** 0.5
        return {"w": jax.random.uniform(layer_key, (inputs, outputs), minval=-bound, maxval=bound), "b": jnp.zeros(outputs)}

    keys = jax.random.split(key, 3)
    return [layer(keys[0], 3 + UNITS, 4 * UNITS), layer(keys[1], 2 * UNITS, 4 * UNITS), layer(keys[2], UNITS, 1)]


def lstm(weights, vectors, state):
    """The output for every coordinate: all of a kind are columns, `[features, coordinates]`."""
    outputs, new_state = {}, {}
    for kind in KINDS:
        values = jnp.tanh(jnp.stack([columns(vector, kind) for vector in vectors]))
        new_state[kind] = []
        for layer, (output, cell) in zip(weights[kind][:2], state[kind]):
            gates = layer["w"].T @ jnp.concatenate([values, output]) + layer["b"][:, None]
            entry, candidate, forget, exit_ = jnp.split(gates, 4)
            cell = jax.nn.sigmoid(forget + 1) * cell + jax.nn.sigmoid(entry) * jnp.tanh(candidate)
            values = jax.nn.sigmoid(exit_) * jnp.tanh(cell)
            new_state[kind].append((values, cell))
        head = weights[kind][2]
        outputs[kind] = jax.nn.softplus((head["w"].T @ values + head["b"][:, None])[0])
    return restored(outputs), new_state


def fresh_state():
    count = lambda kind: sum(parameters[name].size for name in KINDS[kind])
    zeros = lambda kind: jnp.zeros((UNITS, count(kind)))
    return {kind: [(zeros(kind), zeros(kind)), (zeros(kind), zeros(kind))] for kind in KINDS}


def unroll(damping, preconditioner, point, last, key):
    """The two meta-losses: that of the losses, for the damping, and that of the solutions, for the preconditioner."""

    def step(carry, step_key):
        point, (solution, residual), damping_state, preconditioner_state = carry
        batch_key, noise_key = jax.random.split(step_key)
        batch, targets = rows(batch_key)
        # The loss here reaches the step before; all else takes the parameters as data.
        loss = cross_entropy(network(point, batch), targets)
        held = jax.lax.stop_gradient(point)
        _, gradient, curvature = linearized(held, batch, targets)
        gradient = jax.lax.stop_gradient(gradient)
        solution, residual = jax.lax.stop_gradient((solution, residual))
        strength, damping_state = lstm(damping, [gradient, residual, solution], damping_state)
        product = lambda vector: jax.tree.map(
            lambda h, s, v: h + (s + LEAST_DAMPING) * v, curvature(vector), strength, vector
        )
        first = axpy(-1, product(solution), gradient)
        diagonal, preconditioner_state = lstm(preconditioner, [gradient, first, solution], preconditioner_state)
        solution, residual = solve(
            product, gradient, solution, first, lambda vector: jax.tree.map(jnp.multiply, diagonal, vector)
        )
        bend = inner(solution, axpy(-1, residual, gradient))
        quality = -inner(gradient, solution) / jnp.sqrt(jnp.maximum(bend, 1e-30))
        norm, bound = jnp.sqrt(inner(solution, solution)), 0.25 * jnp.sqrt(inner(held, held))
        scale = jnp.minimum(1, bound / jnp.maximum(norm, 1e-30))
        noise_keys = dict(zip(held, jax.random.split(noise_key, len(held))))
        point = {
            name: held[name]
            - jax.random.uniform(noise_keys[name], held[name].shape, minval=0.98, maxval=1.02) * scale * solution[name]
            for name in held
        }
        after = cross_entropy(network(point, batch), targets)
        return (point, (solution, residual), damping_state, preconditioner_state), (loss, after, quality)

    carry = (point, last, fresh_state(), fresh_state())
    carry, (losses, after, qualities) = jax.lax.scan(step, carry, jax.random.split(key, UNROLL))
    errors = (after[:-1] + losses[1:]) / 2 - jax.lax.stop_gradient(losses[:-1])
    weighted = 10 * jnp.sum(jax.lax.stop_gradient(jax.nn.softmax(errors)) * errors)
    return (weighted, jnp.mean(qualities)), (carry[0], carry[1], losses)


def adam(weights, gradient, mean, square, count):
    mean = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, mean, gradient)
    square = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, square, gradient)
    rate, scale = META_RATE / (1 - BETA1**count), 1 / jnp.sqrt(1 - BETA2**count)
    weights = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) * scale + EPSILON), weights, mean, square)
    return weights, mean, square


@partial(jax.jit, donate_argnums=0)
def meta_step(state, key):
    point, last, weights, mean, square, count = state
    _, pullback, (point, last, losses) = jax.vjp(
        lambda damping, preconditioner: unroll(damping, preconditioner, point, last, key),
        *weights, has_aux=True,
    )
    gradient = (pullback((1.0, 0.0))[0], pullback((0.0, 1.0))[1])
    gradient = jax.tree.map(lambda g, w: g + 2e-7 * w, gradient, weights)
    norm, bound = jnp.sqrt(inner(gradient, gradient)), jnp.sqrt(inner(weights, weights))
    gradient = jax.tree.map(lambda g: g * jnp.minimum(1, bound / norm), gradient)
    count = count + 1
    weights, mean, square = adam(weights, gradient, mean, square, count)
    return (point, last, weights, mean, square, count), losses


zeros = jax.tree.map(jnp.zeros_like, parameters)
if chosen.work == "mlhf-mlp":
    keys = jax.random.split(meta_key, 4)
    weights = tuple(
        {kind: network_weights(key) for kind, key in zip(KINDS, pair)} for pair in (keys[:2], keys[2:])
    )
    state = (
        parameters, (zeros, jax.tree.map(jnp.zeros_like, parameters)), weights,
        jax.tree.map(jnp.zeros_like, weights), jax.tree.map(jnp.zeros_like, weights), jnp.float32(0),
    )
else:
    state = (parameters, zeros)


def run(number):
    global state
    key = jax.random.fold_in(run_key, number)
    if chosen.work == "mlhf-mlp":
        state, losses = meta_step(state, key)
        jax.block_until_ready((state, losses))
    else:
        state = hessian_free(state, key)
        jax.block_until_ready(state)


measuring.report(f"JAX {jax.__version__}", run, chosen.repeats, 1 if chosen.work == "mlhf-mlp" else STEPS)
