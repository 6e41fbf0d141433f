"""A learned optimizer for JAX and optax."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import optax

from . import formulae, rows


class LearnedState(NamedTuple):
    """The state of each parameter, in the order of the tree's leaves."""

    tensors: list


def transformation(learned):
    """Gradients to what is added to parameters, as a learned optimizer does. May be jitted and scanned.

    Computes in double precision for parameters in double precision, and in single for all others.
    """
    kind, settings = learned.kind, learned.settings

    def init(params):
        tensors = jax.tree_util.tree_leaves(params)
        rows.require_fit(kind, settings, [jnp.shape(tensor) for tensor in tensors])
        return LearnedState(
            [
                formulae.initial_state(
                    kind,
                    settings,
                    rows.count(kind, settings, jnp.shape(tensor)),
                    lambda shape, tensor=tensor: jnp.zeros(shape, _precision(tensor)),
                )
                for tensor in tensors
            ]
        )

    def update(updates, state, params=None, **_):
        if params is None:
            raise ValueError("a learned optimizer's update needs the parameters: update(gradients, state, params)")
        gradients, tree = jax.tree_util.tree_flatten(updates)
        parameters = jax.tree_util.tree_leaves(params)
        widest = jnp.result_type(*map(_precision, parameters)) if parameters else jnp.float32
        if formulae.averages_all(settings) and any(_precision(tensor) != widest for tensor in parameters):
            raise ValueError("this learned optimizer averages over all parameters: they have to be in one precision")
        weights = {
            precision: {name: jnp.asarray(values, precision) for name, values in learned.weights.items()}
            for precision in {_precision(tensor) for tensor in parameters}
        }
        changes, states = [None] * len(parameters), [None] * len(parameters)
        for precision in weights:
            places = [place for place, tensor in enumerate(parameters) if _precision(tensor) == precision]
            own, after = formulae.changes(
                jnp,
                kind,
                settings,
                weights[precision],
                *(
                    [rows.to_rows(kind, settings, jnp.asarray(tensors[place], precision)) for place in places]
                    for tensors in (parameters, gradients)
                ),
                [state.tensors[place] for place in places],
            )
            for place, change, next_state in zip(places, own, after):
                tensor = parameters[place]
                changes[place] = rows.from_rows(kind, change, jnp.shape(tensor)).astype(jnp.asarray(tensor).dtype)
                states[place] = next_state
        return jax.tree_util.tree_unflatten(tree, changes), LearnedState(states)

    return optax.GradientTransformation(init, update)


def _precision(tensor):
    return jnp.dtype(jnp.float64 if jnp.asarray(tensor).dtype == jnp.float64 else jnp.float32)
