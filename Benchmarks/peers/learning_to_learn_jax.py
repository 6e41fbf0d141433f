"""Meta-steps of learning to learn, in JAX: seconds of one, as `journal` counts them.

A coordinatewise LSTM of two layers makes 20 updates; the sum of the losses before each and after the last is
differentiated by the LSTM's weights, and Adam updates them. Every five meta-steps the problem starts afresh.

`l2l-mnist` optimizes a 784-20-10 sigmoid network on minibatches of 128, with derivatives of its gradient dropped;
`l2l-mnist-second` keeps them. The images are noise: the cost of a step does not depend on what they show. `quadratic`
optimizes 128 quadratic functions of 10 variables at once.
"""
import measuring

chosen = measuring.options(["l2l-mnist", "l2l-mnist-second", "quadratic"])

import math

import jax
import jax.numpy as jnp

UNROLL, EPOCH, BATCH, UNITS = 20, 5, 128, 20
INPUT_SCALE, OUTPUT_SCALE = 5.0, 0.01
RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-8

first_key, second_key, meta_key, run_key = jax.random.split(jax.random.PRNGKey(1), 4)
if chosen.work == "quadratic":
    shapes = [(BATCH, 10)]
    matrices = jax.random.uniform(first_key, (BATCH, 10, 10))
    targets = jax.random.uniform(second_key, (BATCH, 10))
else:
    shapes = [(784, 20), (20,), (20, 10), (10,)]
    images = jax.random.uniform(first_key, (10_000, 784))
    labels = jax.random.randint(second_key, (10_000,), 0, 10)
coordinates = sum(math.prod(shape) for shape in shapes)


def unpacked(parameters):
    start = 0
    for shape in shapes:
        end = start + math.prod(shape)
        yield parameters[start:end].reshape(shape)
        start = end


def loss(parameters, key):
    if chosen.work == "quadratic":
        (x,) = unpacked(parameters)
        return jnp.mean(jnp.sum((jnp.einsum("bij,bj->bi", matrices, x) - targets) ** 2, 1))
    weight1, bias1, weight2, bias2 = unpacked(parameters)
    rows = jax.random.randint(key, (BATCH,), 0, images.shape[0])
    logits = jax.nn.sigmoid(images[rows] @ weight1 + bias1) @ weight2 + bias2
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), labels[rows][:, None], 1))


def inputs(gradient):
    magnitude = jnp.log(jnp.abs(gradient) + 2.0**-23) / INPUT_SCALE
    return jnp.stack([jnp.maximum(magnitude, -1), jnp.clip(gradient * math.exp(INPUT_SCALE), -1, 1)], 1)


def cell(layer, values, state):
    output, memory = state
    gates = jnp.concatenate([values, output], 1) @ layer["weight"] + layer["bias"]
    entry, candidate, forget, leave = jnp.split(gates, 4, 1)
    memory = jax.nn.sigmoid(forget + 1) * memory + jax.nn.sigmoid(entry) * jnp.tanh(candidate)
    return jax.nn.sigmoid(leave) * jnp.tanh(memory), memory


def update(weights, carried, key):
    parameters, state = carried
    if chosen.work == "l2l-mnist-second":
        value, gradient = jax.value_and_grad(loss)(parameters, key)
    else:
        value = loss(parameters, key)
        gradient = jax.lax.stop_gradient(jax.grad(loss)(jax.lax.stop_gradient(parameters), key))
    values, next_state = inputs(gradient), []
    for layer, layer_state in zip(weights["layers"], state):
        next_state.append(cell(layer, values, layer_state))
        values = next_state[-1][0]
    change = (values @ weights["linear"]["weight"] + weights["linear"]["bias"])[:, 0]
    return (parameters + OUTPUT_SCALE * change, next_state), value


def meta_loss(weights, carried, key):
    keys = jax.random.split(key, UNROLL + 1)
    carried, values = jax.lax.scan(lambda now, step: update(weights, now, step), carried, keys[:-1])
    return jnp.sum(values) + loss(carried[0], keys[-1]), carried


@jax.jit
def meta_step(learned, carried, key):
    weights, mean, square, count = learned
    (value, carried), gradient = jax.value_and_grad(meta_loss, has_aux=True)(weights, carried, key)
    count = count + 1
    mean = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, mean, gradient)
    square = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, square, gradient)
    rate, scale = RATE / (1 - BETA1**count), 1 / jnp.sqrt(1 - BETA2**count)
    weights = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) * scale + EPSILON), weights, mean, square)
    return (weights, mean, square, count), carried, value


def dense(key, inputs, units):
    return {"weight": jax.random.normal(key, (inputs, units)) / math.sqrt(inputs), "bias": jnp.zeros(units)}


def fresh(key):
    zeros = jnp.zeros((coordinates, UNITS))
    return 0.01 * jax.random.normal(key, (coordinates,)), [(zeros, zeros), (zeros, zeros)]


key1, key2, key3 = jax.random.split(meta_key, 3)
weights = {
    "layers": [dense(key1, 2 + UNITS, 4 * UNITS), dense(key2, 2 * UNITS, 4 * UNITS)],
    "linear": dense(key3, UNITS, 1),
}
learned = (weights, jax.tree.map(jnp.zeros_like, weights), jax.tree.map(jnp.zeros_like, weights), jnp.float32(0))


def begin(number):
    global carried
    if number % EPOCH == 0:
        carried = jax.block_until_ready(fresh(jax.random.fold_in(run_key, number)))


def run(number):
    global learned, carried
    learned, carried, value = meta_step(learned, carried, jax.random.fold_in(run_key, number))
    jax.block_until_ready((learned, carried, value))


measuring.report(f"JAX {jax.__version__}", run, chosen.repeats, prepare=begin)
