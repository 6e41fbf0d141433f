"""Trains a 784-128-128-10 sigmoid student with Adam on minibatches of 128, in JAX: seconds of one step.

The images are noise: the cost of a step does not depend on what they show. A hundred steps are one compiled loop, which
is JAX at its fastest here; each gathers its minibatch and keeps its loss.
"""
import measuring

chosen = measuring.options(["student"])

from functools import partial

import jax
import jax.numpy as jnp

WIDTHS, BATCH, STEPS = [784, 128, 128, 10], 128, 100
RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-8

image_key, label_key, weight_key, run_key = jax.random.split(jax.random.PRNGKey(1), 4)
images = jax.random.uniform(image_key, (10_000, WIDTHS[0]))
labels = jax.random.randint(label_key, (10_000,), 0, WIDTHS[-1])


def initial_layer(key, inputs, units):
    deviation = (2 / (inputs + units)) ** 0.5
    return {"weight": deviation * jax.random.normal(key, (inputs, units)), "bias": jnp.zeros(units)}


def loss(layers, rows):
    values = images[rows]
    for layer in layers[:-1]:
        values = jax.nn.sigmoid(values @ layer["weight"] + layer["bias"])
    logits = values @ layers[-1]["weight"] + layers[-1]["bias"]
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), labels[rows][:, None], 1))


def train_step(state, key):
    layers, mean, square, count = state
    value, gradient = jax.value_and_grad(loss)(layers, jax.random.randint(key, (BATCH,), 0, images.shape[0]))
    count = count + 1
    mean = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, mean, gradient)
    square = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, square, gradient)
    rate, scale = RATE / (1 - BETA1**count), 1 / jnp.sqrt(1 - BETA2**count)
    layers = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) * scale + EPSILON), layers, mean, square)
    return (layers, mean, square, count), value


@partial(jax.jit, donate_argnums=0)
def train(state, key):
    return jax.lax.scan(train_step, state, jax.random.split(key, STEPS))


layers = [
    initial_layer(key, *sizes)
    for key, sizes in zip(jax.random.split(weight_key, len(WIDTHS) - 1), zip(WIDTHS, WIDTHS[1:]))
]
state = (layers, jax.tree.map(jnp.zeros_like, layers), jax.tree.map(jnp.zeros_like, layers), jnp.float32(0))


def run(number):
    global state
    state, losses = train(state, jax.random.fold_in(run_key, number))
    jax.block_until_ready((state, losses))


measuring.report(f"JAX {jax.__version__}", run, chosen.repeats, STEPS)
