"""Trains a small convolutional network on images of 32 × 32 in three colours with Adam, in JAX: seconds of one step.

Twice a 5 × 5 convolution to 64 channels, ReLU and 2 × 2 maximum pooling; then a dense layer to 10 classes; batch 64.
The images are noise: the cost of a step does not depend on what they show. Ten steps are one compiled loop.
"""
import measuring

chosen = measuring.options(["convnet"])

import math
from functools import partial

import jax
import jax.numpy as jnp

BATCH, STEPS, CHANNELS, CLASSES = 64, 10, 64, 10
RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-8

image_key, label_key, run_key, *weight_keys = jax.random.split(jax.random.PRNGKey(1), 6)
images = jax.random.uniform(image_key, (2_000, 32, 32, 3))
labels = jax.random.randint(label_key, (2_000,), 0, CLASSES)
shapes = [(5, 5, 3, CHANNELS), (5, 5, CHANNELS, CHANNELS), (8 * 8 * CHANNELS, CLASSES)]


def initial_layer(key, shape):
    deviation = (2 / math.prod(shape[:-1])) ** 0.5
    return {"weight": deviation * jax.random.normal(key, shape), "bias": jnp.zeros(shape[-1])}


def block(layer, values):
    values = jax.lax.conv_general_dilated(
        values, layer["weight"], (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")
    )
    values = jax.nn.relu(values + layer["bias"])
    return jax.lax.reduce_window(values, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


def loss(layers, rows):
    values = block(layers[1], block(layers[0], images[rows])).reshape(BATCH, -1)
    logits = values @ layers[2]["weight"] + layers[2]["bias"]
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
    values = []
    for step_key in jax.random.split(key, STEPS):
        state, value = train_step(state, step_key)
        values.append(value)
    return state, jnp.stack(values)


layers = [initial_layer(key, shape) for key, shape in zip(weight_keys, shapes)]
state = (layers, jax.tree.map(jnp.zeros_like, layers), jax.tree.map(jnp.zeros_like, layers), jnp.float32(0))


def run(number):
    global state
    state, losses = train(state, jax.random.fold_in(run_key, number))
    jax.block_until_ready((state, losses))


measuring.report(f"JAX {jax.__version__}", run, chosen.repeats, STEPS)
