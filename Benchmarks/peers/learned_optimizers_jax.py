"""Meta-steps of other learned optimizers and estimators, in JAX: seconds of one, as `journal` counts them.

A 784-20-10 sigmoid network learns in unrolls of 20 minibatches of 128. `mlp` is the perceptron of two layers of 32 units
on features of each coordinate that the package `learned_optimization` has as `MLPLOpt`, `lstm` the coordinatewise LSTM of
two layers of 20 units.

`mlp-second` differentiates the sum of the losses by the weights, through the network's gradients too. `mlp-pes` and
`lstm-pes` estimate that derivative by persistent evolution strategies with eight antithetic pairs, all 16 side by side as
one batch. Adam updates the weights. Every five meta-steps the networks start afresh. The images are noise: the cost of a
step does not depend on what they show.
"""
import measuring

chosen = measuring.options(["mlp-second", "mlp-pes", "lstm-pes"])

import math

import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree

UNROLL, EPOCH, BATCH, PAIRS, DEVIATION = 20, 5, 128, 8, 0.01
RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-8

image_key, label_key, weight_key, run_key = jax.random.split(jax.random.PRNGKey(1), 4)
images = jax.random.uniform(image_key, (10_000, 784))
labels = jax.random.randint(label_key, (10_000,), 0, 10)
shapes = [(784, 20), (20,), (20, 10), (10,)]
ends = [0]
for shape in shapes:
    ends.append(ends[-1] + math.prod(shape))
coordinates = ends[-1]


def tensors(vector):
    return [vector[start:end] for start, end in zip(ends, ends[1:])]


def loss(parameters, key):
    weight1, bias1, weight2, bias2 = [part.reshape(shape) for part, shape in zip(tensors(parameters), shapes)]
    rows = jax.random.randint(key, (BATCH,), 0, images.shape[0])
    logits = jax.nn.sigmoid(images[rows] @ weight1 + bias1) @ weight2 + bias2
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), labels[rows][:, None], 1))


def dense(key, inputs, units):
    return {"weight": jax.random.normal(key, (inputs, units)) / math.sqrt(inputs), "bias": jnp.zeros(units)}


class Perceptron:
    """Columns of features, `[features, coordinates]`, so that a layer is one product with a wide matrix."""

    units, momenta = 32, jnp.array([0.1, 0.5, 0.9, 0.99, 0.999, 0.9999])[:, None]
    scales = jnp.array([1, 3, 10, 30, 100, 300, 1e3, 3e3, 1e4, 3e4, 1e5])

    def weights(self, key):
        keys = jax.random.split(key, 3)
        return [dense(keys[0], 19, self.units), dense(keys[1], self.units, self.units), dense(keys[2], self.units, 2)]

    def state(self):
        return jnp.zeros((6, coordinates)), jnp.float32(0)

    def change(self, weights, parameters, gradient, state):
        averages, time = state
        averages = self.momenta * averages + (1 - self.momenta) * gradient
        features = jnp.concatenate([gradient[None], parameters[None], averages])
        features = jnp.concatenate(
            [
                part * jax.lax.rsqrt(1e-5 + jnp.mean(part**2, 1, keepdims=True))
                for part in (features[:, start:end] for start, end in zip(ends, ends[1:]))
            ],
            1,
        )
        first, second, last = weights
        # What is the same for all coordinates counts once, with the bias.
        bias = first["bias"] + jnp.tanh(time / self.scales - 1) @ first["weight"][8:]
        values = jax.nn.relu(first["weight"][:8].T @ features + bias[:, None])
        values = jax.nn.relu(second["weight"].T @ values + second["bias"][:, None])
        direction, size = last["weight"].T @ values + last["bias"][:, None]
        return -0.001 * direction * jnp.exp(0.001 * size), (averages, time + 1)


class Recurrent:
    """Rows of features, `[coordinates, features]`."""

    units = 20

    def weights(self, key):
        keys = jax.random.split(key, 3)
        return [
            dense(keys[0], 2 + self.units, 4 * self.units), dense(keys[1], 2 * self.units, 4 * self.units),
            dense(keys[2], self.units, 1),
        ]

    def state(self):
        zeros = jnp.zeros((coordinates, self.units))
        return [(zeros, zeros), (zeros, zeros)]

    def change(self, weights, parameters, gradient, state):
        magnitude = jnp.log(jnp.abs(gradient) + 2.0**-23) / 10
        values = jnp.stack([jnp.maximum(magnitude, -1), jnp.clip(gradient * math.exp(10), -1, 1)], 1)
        following = []
        for layer, (output, memory) in zip(weights, state):
            gates = jnp.concatenate([values, output], 1) @ layer["weight"] + layer["bias"]
            entry, candidate, forget, leave = jnp.split(gates, 4, 1)
            memory = jax.nn.sigmoid(forget + 1) * memory + jax.nn.sigmoid(entry) * jnp.tanh(candidate)
            values = jax.nn.sigmoid(leave) * jnp.tanh(memory)
            following.append((values, memory))
        return 0.1 * (values @ weights[2]["weight"] + weights[2]["bias"])[:, 0], following


learner = Recurrent() if chosen.work == "lstm-pes" else Perceptron()
weights, unravel = ravel_pytree(learner.weights(weight_key))


def unroll(vector, carried, key):
    """The sum of the losses before each step and after the last, and what is carried on."""
    layers = unravel(vector)

    def step(carried, step_key):
        parameters, state = carried
        value, gradient = jax.value_and_grad(loss)(parameters, step_key)
        change, state = learner.change(layers, parameters, gradient, state)
        return (parameters + change, state), value

    keys = jax.random.split(key, UNROLL + 1)
    carried, values = jax.lax.scan(step, carried, keys[:-1])
    return jnp.sum(values) + loss(carried[0], keys[-1]), carried


def adam(learned, gradient):
    vector, mean, square, count = learned
    count = count + 1
    mean, square = BETA1 * mean + (1 - BETA1) * gradient, BETA2 * square + (1 - BETA2) * gradient**2
    rate, scale = RATE / (1 - BETA1**count), 1 / jnp.sqrt(1 - BETA2**count)
    return vector - rate * mean / (jnp.sqrt(square) * scale + EPSILON), mean, square, count


@jax.jit
def differentiated(learned, carried, key):
    (_, carried), gradient = jax.value_and_grad(unroll, has_aux=True)(learned[0], carried, key)
    return adam(learned, gradient), carried


@jax.jit
def evolved(learned, carried, key):
    noise_key, data_key = jax.random.split(key)
    networks, sums = carried
    noise = DEVIATION * jax.random.normal(noise_key, (PAIRS, weights.size))
    keys = jnp.tile(jax.random.split(data_key, PAIRS), (2, 1))
    losses, networks = jax.vmap(unroll)(learned[0] + jnp.concatenate([noise, -noise]), networks, keys)
    sums = sums + noise
    gradient = jnp.mean((losses[:PAIRS] - losses[PAIRS:])[:, None] * sums, 0) / (2 * DEVIATION**2)
    return adam(learned, gradient), (networks, sums)


def fresh(key):
    return 0.01 * jax.random.normal(key, (coordinates,)), learner.state()


@jax.jit
def fresh_pairs(key):
    keys = jnp.tile(jax.random.split(key, PAIRS), (2, 1))
    return jax.vmap(fresh)(keys), jnp.zeros((PAIRS, weights.size))


meta_step, begun = (differentiated, fresh) if chosen.work == "mlp-second" else (evolved, fresh_pairs)
learned = (weights, jnp.zeros_like(weights), jnp.zeros_like(weights), jnp.float32(0))


def begin(number):
    global carried
    if number % EPOCH == 0:
        carried = jax.block_until_ready(begun(jax.random.fold_in(run_key, number)))


def run(number):
    global learned, carried
    learned, carried = meta_step(learned, carried, jax.random.fold_in(run_key, number))
    jax.block_until_ready((learned, carried))


measuring.report(f"JAX {jax.__version__}", run, chosen.repeats, prepare=begin)
