"""A learned optimizer for NumPy."""

import numpy as np

from . import formulae, rows


class NumpyOptimizer:
    """A learned optimizer whose first update makes its state, for tensors of these shapes."""

    def __init__(self, learned):
        self._kind, self._settings, self._weights = learned.kind, learned.settings, learned.weights
        self._states = None

    def update(self, parameters, gradients):
        """The parameters after one more step, from those before it and the loss's gradients there: lists of arrays.

        Computes in double precision where a parameter is in it, else in single.
        """
        parameters = [np.asarray(tensor) for tensor in parameters]
        dtype = np.float64 if any(tensor.dtype == np.float64 for tensor in parameters) else np.float32
        kind, settings = self._kind, self._settings
        if self._states is None:
            rows.require_fit(kind, settings, [tensor.shape for tensor in parameters])
            self._weights = {name: values.astype(dtype) for name, values in self._weights.items()}
            self._states = [
                formulae.initial_state(
                    kind, settings, rows.count(kind, settings, tensor.shape), lambda shape: np.zeros(shape, dtype)
                )
                for tensor in parameters
            ]
        changes, self._states = formulae.changes(
            np,
            kind,
            settings,
            self._weights,
            *(
                [rows.to_rows(kind, settings, np.asarray(tensor, dtype)) for tensor in tensors]
                for tensors in (parameters, gradients)
            ),
            self._states,
        )
        return [
            tensor + rows.from_rows(kind, change, tensor.shape).astype(tensor.dtype)
            for tensor, change in zip(parameters, changes)
        ]
