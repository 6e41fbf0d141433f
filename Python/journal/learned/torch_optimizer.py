"""A learned optimizer for PyTorch."""

import torch

from . import formulae, rows


class TorchOptimizer(torch.optim.Optimizer):
    """Steps as a learned optimizer makes them, each parameter with a state of its own.

    Computes in double precision for parameters in double precision, and in single for all others. Parameters without a
    gradient are left alone, as other optimizers of PyTorch do.
    """

    def __init__(self, parameters, learned):
        self._kind, self._settings, self._learned_weights = learned.kind, learned.settings, learned.weights
        self._weights = {}
        super().__init__(parameters, {})

    def add_param_group(self, param_group):
        super().add_param_group(param_group)
        rows.require_fit(self._kind, self._settings, [tensor.shape for tensor in self.param_groups[-1]["params"]])

    @torch.no_grad()
    def step(self, closure=None):
        """Makes a step by the gradients that the parameters have; `closure`, if given, computes them and the loss."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        together = {}
        for group in self.param_groups:
            for tensor in group["params"]:
                if tensor.grad is not None:
                    if tensor.grad.is_sparse:
                        raise RuntimeError("learned optimizers take no sparse gradients")
                    precision = torch.float64 if tensor.dtype == torch.float64 else torch.float32
                    together.setdefault((tensor.device, precision), []).append(tensor)
        if len(together) > 1 and formulae.averages_all(self._settings):
            raise RuntimeError(
                "this learned optimizer averages over all parameters: they have to be on one device, in one precision"
            )
        for (device, precision), tensors in together.items():
            self._step(tensors, device, precision)
        return loss

    def _step(self, tensors, device, precision):
        kind, settings = self._kind, self._settings
        for tensor in tensors:
            if not self.state[tensor]:
                self.state[tensor].update(
                    formulae.initial_state(
                        kind,
                        settings,
                        rows.count(kind, settings, tensor.shape),
                        lambda shape: torch.zeros(shape, dtype=precision, device=device),
                    )
                )
        changes, states = formulae.changes(
            torch,
            kind,
            settings,
            self._weights_for(device, precision),
            [rows.to_rows(kind, settings, tensor.to(precision)) for tensor in tensors],
            [rows.to_rows(kind, settings, tensor.grad.to(precision)) for tensor in tensors],
            [self.state[tensor] for tensor in tensors],
        )
        for tensor, change, state in zip(tensors, changes, states):
            tensor.add_(rows.from_rows(kind, change, tensor.shape).to(tensor.dtype))
            self.state[tensor] = state

    def _weights_for(self, device, precision):
        if (device, precision) not in self._weights:
            self._weights[device, precision] = {
                name: torch.as_tensor(values, dtype=precision, device=device)
                for name, values in self._learned_weights.items()
            }
        return self._weights[device, precision]
