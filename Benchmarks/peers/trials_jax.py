"""Trains a 784-20-10 sigmoid student with Adam for a hundred seeds, in JAX: seconds of one seed's trial.

A trial is 100 steps on minibatches of 128, each keeping its loss, then the loss on a thousand training examples and loss
and accuracy on the 10,000 of the test split. All hundred are one compiled program, in which ten seeds at a time make one wider
computation or each comes after the other: what is faster on this machine is found out first. The images are noise: the cost
does not depend on what they show.
"""
import time

import measuring

chosen = measuring.options(["trials"])

from functools import partial

import jax
import jax.numpy as jnp

INPUTS, UNITS, CLASSES, BATCH, STEPS, TRIALS = 784, 20, 10, 128, 100, 100
RATE, BETA1, BETA2, EPSILON = 0.03, 0.9, 0.999, 1e-8
SHAPES = {"weight1": (INPUTS, UNITS), "bias1": (UNITS,), "weight2": (UNITS, CLASSES), "bias2": (CLASSES,)}


def split(key, count):
    image_key, label_key = jax.random.split(key)
    return jax.random.uniform(image_key, (count, INPUTS)), jax.random.randint(label_key, (count,), 0, CLASSES)


def outputs(point, images):
    hidden = jax.nn.sigmoid(images @ point["weight1"] + point["bias1"])
    return hidden @ point["weight2"] + point["bias2"]


def cross_entropy(values, labels):
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(values), labels[:, None], 1))


def trial(training, test, key):
    images, labels = training
    weight_key, step_key, final_key = jax.random.split(key, 3)
    point = {
        name: 0.01 * jax.random.normal(part, shape)
        for part, (name, shape) in zip(jax.random.split(weight_key, len(SHAPES)), SHAPES.items())
    }
    zeros = jax.tree.map(jnp.zeros_like, point)

    def loss_of(point, rows):
        return cross_entropy(outputs(point, images[rows]), labels[rows])

    def step(state, key):
        point, mean, square, count = state
        loss, gradient = jax.value_and_grad(loss_of)(point, jax.random.randint(key, (BATCH,), 0, images.shape[0]))
        count = count + 1
        mean = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, mean, gradient)
        square = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, square, gradient)
        rate, scale = RATE / (1 - BETA1**count), 1 / jnp.sqrt(1 - BETA2**count)
        point = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) * scale + EPSILON), point, mean, square)
        return (point, mean, square, count), loss

    state = (point, zeros, zeros, jnp.float32(0))
    (point, *_), losses = jax.lax.scan(step, state, jax.random.split(step_key, STEPS))
    rows = jax.random.randint(final_key, (1000,), 0, images.shape[0])
    tested = outputs(point, test[0])
    accuracy = jnp.mean(jnp.argmax(tested, 1) == test[1])
    return losses, loss_of(point, rows), cross_entropy(tested, test[1]), accuracy


@partial(jax.jit, static_argnums=3)
def trials(training, test, keys, together):
    groups = keys.reshape((-1, together) + keys.shape[1:])
    return jax.lax.map(jax.vmap(lambda key: trial(training, test, key)), groups)


training_key, test_key, run_key = jax.random.split(jax.random.PRNGKey(1), 3)
training, test = split(training_key, 60_000), split(test_key, 10_000)


def run(number, together):
    keys = jax.random.split(jax.random.fold_in(run_key, number), TRIALS)
    jax.device_get(trials(training, test, keys, together))


def seconds(together):
    run(0, together)
    start = time.perf_counter()
    run(1, together)
    return time.perf_counter() - start


fastest = min((10, 1), key=seconds)
measuring.report(f"JAX {jax.__version__}", lambda number: run(number, fastest), chosen.repeats, TRIALS)
