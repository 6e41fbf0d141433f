"""A learned optimizer with its weights, from wherever it comes."""

from ..errors import UnsupportedOptimizerError

_KINDS = ("lstm", "rnnprop", "mlp", "kernelLstm", "tensorLstm")

_REFUSED = {
    "teacher": "it looks at what the layers of a student take in and put out, and at their targets, which an optimizer "
    "that is handed gradients never sees",
    "mlhf": "it asks for curvature: products of vectors with the Gauss-Newton matrix of the loss, which an optimizer "
    "that is handed gradients cannot compute",
    "parameterGroups": "it is several optimizers, each for parameters of a student by their names",
}


class LearnedOptimizer:
    """A learned optimizer: its `kind`, its `settings`, and its `weights`, NumPy arrays by name.

    `experiment` is the `NAME@HASH` that learned it and `evaluation_loss` how well it did, where that is known. `torch`,
    `optax` and `numpy` make optimizers of it that compute the updates of the program's own engine.
    """

    def __init__(self, kind, settings, weights, experiment=None, evaluation_loss=None):
        self.kind = kind
        self.settings = settings
        self.weights = weights
        self.experiment = experiment
        self.evaluation_loss = evaluation_loss

    def __repr__(self):
        count = sum(values.size for values in self.weights.values())
        return f"<{self.kind} with {count} weights, learned by {self.experiment or 'an unknown experiment'}>"

    def require_supported(self):
        """Raises UnsupportedOptimizerError, with the reason, where the updates cannot be computed here."""
        if self.kind not in _KINDS:
            reason = _REFUSED.get(self.kind, f"journal-reader computes updates of {', '.join(_KINDS)}")
            raise UnsupportedOptimizerError(
                f"a learned optimizer of kind {self.kind} cannot be used outside of journal: {reason}"
            )

    def torch(self, parameters):
        """A `torch.optim.Optimizer` of these parameters, or groups of them."""
        self.require_supported()
        from .torch_optimizer import TorchOptimizer

        return TorchOptimizer(parameters, self)

    def optax(self):
        """An `optax.GradientTransformation`. Its `update` needs the parameters beside the gradients."""
        self.require_supported()
        from .optax_transformation import transformation

        return transformation(self)

    def numpy(self):
        """The same for NumPy: an object whose `update(parameters, gradients)` makes a step of lists of arrays."""
        self.require_supported()
        from .numpy_optimizer import NumpyOptimizer

        return NumpyOptimizer(self)
