"""Learned optimizers make the steps that the program recorded when it used them."""

import numpy as np
import pytest
from conftest import FIXTURES
from student import gradients

import journal

EXPERIMENTS = ["learned-lstm", "learned-rnnprop", "learned-mlp", "stored-single", "stored-double"]
COMPILED = {}
WITHIN = {"single": 1e-6, "double": 1e-12}


def numpy_steps(optimizer, parameters):
    """A function from parameters and gradients by name to the parameters after one more step."""
    steps = optimizer.numpy()

    def step(parameters, gradients):
        names = list(parameters)
        return dict(zip(names, steps.update([parameters[name] for name in names], [gradients[name] for name in names])))

    return step


def torch_steps(optimizer, parameters):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    torch.set_num_threads(1)
    tensors = {name: torch.nn.Parameter(torch.tensor(values)) for name, values in parameters.items()}
    steps = optimizer.torch(tensors.values())

    def step(parameters, gradients):
        for name, tensor in tensors.items():
            tensor.data = torch.tensor(parameters[name])
            tensor.grad = torch.tensor(gradients[name])
        steps.step()
        return {name: tensor.detach().numpy().copy() for name, tensor in tensors.items()}

    return step


def optax_steps(optimizer, parameters):
    jax = pytest.importorskip("jax", reason="JAX is not installed")
    optax = pytest.importorskip("optax", reason="optax is not installed")
    jax.config.update("jax_enable_x64", True)
    transformation = optimizer.optax()
    state = transformation.init(parameters)
    # Compiled for the trials of one optimizer together: that takes longer than all else.
    update = COMPILED.setdefault(
        (optimizer.experiment, next(iter(parameters.values())).dtype), jax.jit(transformation.update)
    )

    def step(parameters, gradients):
        nonlocal state
        changes, state = update(gradients, state, parameters)
        return {name: np.asarray(values) for name, values in optax.apply_updates(parameters, changes).items()}

    return step


LIBRARIES = pytest.mark.parametrize("steps", [numpy_steps, torch_steps, optax_steps], ids=["numpy", "torch", "optax"])


def optimizer_of(opened, experiment, trial):
    """What the trial optimized with."""
    return opened.learned_optimizer(experiment.name if trial.optimizer == "trained" else trial.optimizer)


def trajectory(experiment, trial):
    return [experiment.parameters(trial.trial, step) for step in range(trial.steps + 1)]


@LIBRARIES
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_each_step_is_the_programs(learned, name, steps):
    experiment = learned.experiment(name)
    trials = experiment.trials()
    count = 0
    for trial in trials[trials["kind"] == "evaluation"].itertuples():
        points = trajectory(experiment, trial)
        step = steps(optimizer_of(learned, experiment, trial), points[0])
        for before, after in zip(points, points[1:]):
            exact = gradients(before)
            got = step(before, {name: exact[name].astype(values.dtype) for name, values in before.items()})
            for parameter, values in after.items():
                assert got[parameter].dtype == values.dtype
                distance = np.abs(got[parameter] - values) / np.maximum(1, np.abs(values))
                assert distance.max() <= WITHIN[trial.precision], (trial.optimizer, parameter, distance.max())
                assert np.any(values != before[parameter])
            count += 1
    assert count == 25 * sum(trials["kind"] == "evaluation") > 0


@LIBRARIES
@pytest.mark.parametrize("name", ["learned-lstm", "learned-rnnprop", "learned-mlp"])
def test_many_steps_lead_where_the_program_came(learned, name, steps):
    experiment = learned.experiment("stored-double")
    trial = next(experiment.trials().query("optimizer == @name").itertuples())
    points = trajectory(experiment, trial)
    parameters = points[0]
    step = steps(optimizer_of(learned, experiment, trial), parameters)
    for point in points[1:]:
        parameters = step(parameters, gradients(parameters))
        for parameter, values in point.items():
            np.testing.assert_allclose(parameters[parameter], values, rtol=0, atol=1e-9)


COLUMNS = {
    "kernelLstm": ({"kernel": [2, 3], "averagingCells": 1}, {"a": (2, 3, 1, 2), "b": (2, 3, 2, 1)}, 6),
    "tensorLstm": ({"elements": 3, "lambda": 0.01}, {"a": (3,), "b": (2, 3)}, 3),
}


@pytest.mark.parametrize("steps", [torch_steps, optax_steps], ids=["torch", "optax"])
@pytest.mark.parametrize("kind", COLUMNS)
def test_kernels_and_tensors_are_the_same_in_all_libraries(kind, steps):
    """The program's own tests compare these with NumPy."""
    settings, shapes, elements = COLUMNS[kind]
    random = np.random.default_rng(1)
    prefix = "averagingLstm1" if "averagingCells" in settings else "lstm1"
    weights = {
        f"{name}/{part}": random.normal(0, 0.5, shape)
        for name, inputs, outputs in ((prefix, 2 * elements + 4, 16), ("linear", 4, elements))
        for part, shape in (("weight", (inputs, outputs)), ("bias", (outputs,)))
    }
    optimizer = journal.LearnedOptimizer(kind, settings | {"layers": [4], "outputScale": 0.1}, weights, kind)
    parameters = {name: random.normal(size=shape) for name, shape in shapes.items()}
    numpy_step, step = numpy_steps(optimizer, parameters), steps(optimizer, parameters)
    for _ in range(4):
        exact = {name: random.normal(0, 0.01, shape) for name, shape in shapes.items()}
        expected, got = numpy_step(parameters, exact), step(parameters, exact)
        for name, values in expected.items():
            np.testing.assert_allclose(got[name], values, rtol=0, atol=1e-12)
            assert np.all(values != parameters[name])
        parameters = expected


def test_an_exported_file_is_the_journals(learned):
    exported = journal.read_optimizer(FIXTURES / "learned-lstm.safetensors")
    kept = learned.learned_optimizer("learned-lstm")
    assert (exported.kind, exported.settings, exported.experiment) == (kept.kind, kept.settings, kept.experiment)
    assert exported.evaluation_loss == kept.evaluation_loss
    assert list(exported.weights) == list(kept.weights)
    for name, values in kept.weights.items():
        assert exported.weights[name].tobytes() == values.tobytes()
        assert exported.weights[name].shape == values.shape


@pytest.mark.parametrize("kind, reason", [("teacher", "targets"), ("mlhf", "curvature")])
@pytest.mark.parametrize("library", ["numpy", "torch", "optax"])
def test_what_sees_more_than_gradients_is_refused_with_the_reason(learned, kind, reason, library):
    optimizer = learned.learned_optimizer(f"learned-{kind}")
    assert optimizer.weights
    with pytest.raises(journal.UnsupportedOptimizerError, match=reason):
        getattr(optimizer, library)(*([[]] if library == "torch" else []))


def test_torch_state_can_be_saved_and_loaded(learned):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")

    def model():
        torch.manual_seed(1)
        return torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))

    def step(model, optimizer):
        optimizer.zero_grad()
        loss = model(torch.ones(5, 3)).square().mean()
        loss.backward()
        optimizer.step()
        return loss.item()

    for name in ("learned-lstm", "learned-rnnprop", "learned-mlp", "lstm-averaging"):
        learned_optimizer = learned.learned_optimizer(name)
        first = model()
        optimizer = learned_optimizer.torch(first.parameters())
        for _ in range(3):
            step(first, optimizer)
        second = model()
        second.load_state_dict(first.state_dict())
        loaded = learned_optimizer.torch(second.parameters())
        loaded.load_state_dict(optimizer.state_dict())
        assert [step(first, optimizer) for _ in range(3)] == [step(second, loaded) for _ in range(3)]


def test_torch_leaves_parameters_without_a_gradient_alone(learned):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    moved, still = torch.nn.Parameter(torch.ones(2)), torch.nn.Parameter(torch.ones(2))
    half = torch.nn.Parameter(torch.full((2,), 2.0**-8, dtype=torch.bfloat16))
    optimizer = learned.learned_optimizer("learned-rnnprop").torch([{"params": [moved]}, {"params": [still, half]}])
    loss = optimizer.step(lambda: _backward((moved**2).sum() + half.sum()))
    assert loss == 2 + 2.0**-7
    assert torch.all(still == 1) and torch.all(moved != 1) and torch.all(half != 2.0**-8)
    assert half.dtype == torch.bfloat16


def _backward(loss):
    loss.backward()
    return loss.item()


def test_optax_transformations_chain_and_scan(learned):
    jax = pytest.importorskip("jax", reason="JAX is not installed")
    optax = pytest.importorskip("optax", reason="optax is not installed")
    jnp = jax.numpy
    transformation = optax.chain(optax.clip(10.0), learned.learned_optimizer("learned-rnnprop").optax())
    start = {"a": jnp.ones((2, 3), jnp.float32), "b": [jnp.full(4, 2.0**-8, jnp.bfloat16), jnp.float32(2)]}

    def loss(parameters):
        return sum(jnp.sum(jnp.square(leaf).astype(jnp.float32)) for leaf in jax.tree_util.tree_leaves(parameters))

    def step(carried, _):
        parameters, state = carried
        changes, state = transformation.update(jax.grad(loss)(parameters), state, parameters)
        return (optax.apply_updates(parameters, changes), state), None

    (parameters, _), _ = jax.lax.scan(step, (start, transformation.init(start)), length=3)
    before, after = jax.tree_util.tree_leaves(start), jax.tree_util.tree_leaves(parameters)
    assert [leaf.dtype for leaf in before] == [leaf.dtype for leaf in after]
    assert all(jnp.all(one != other) for one, other in zip(before, after))
    with pytest.raises(ValueError, match="needs the parameters"):
        transformation.update(start, transformation.init(start))


def test_a_tensor_of_another_shape_is_refused():
    kernels = journal.LearnedOptimizer("kernelLstm", {"kernel": [3, 3]}, {})
    with pytest.raises(ValueError, match=r"shape \(4, 5\).*kernels of 3 x 3"):
        kernels.numpy().update([np.zeros((4, 5))], [np.zeros((4, 5))])
