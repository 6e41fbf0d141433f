"""Tensors as the rows that a network reads: coordinates, kernels or whole tensors."""

import math


def misfit(kind, settings, shape):
    """Why a tensor of this shape cannot be optimized; None where it can."""
    if kind == "kernelLstm":
        height, width = settings["kernel"]
        if len(shape) != 4 or tuple(shape[:2]) != (height, width):
            return f"kernels of {height} x {width}, in tensors [{height}, {width}, channels in, channels out]"
    if kind == "tensorLstm" and settings["elements"] not in (math.prod(shape), math.prod(shape[1:])):
        return f"tensors of {settings['elements']} elements, or batches of such"
    return None


def require_fit(kind, settings, shapes):
    for shape in shapes:
        allowed = misfit(kind, settings, shape)
        if allowed is not None:
            raise ValueError(f"a parameter has the shape {tuple(shape)}; this {kind} optimizes {allowed}")


def to_rows(kind, settings, tensor):
    """A tensor as [rows, elements]."""
    if kind == "kernelLstm":
        return tensor.reshape(math.prod(settings["kernel"]), -1).T
    return tensor.reshape(-1, settings["elements"] if kind == "tensorLstm" else 1)


def from_rows(kind, rows, shape):
    """The way back to the shape of a tensor."""
    return (rows.T if kind == "kernelLstm" else rows).reshape(shape)


def count(kind, settings, shape):
    """How many rows a tensor of this shape has."""
    elements = {"kernelLstm": lambda: math.prod(settings["kernel"]), "tensorLstm": lambda: settings["elements"]}
    return math.prod(shape) // elements.get(kind, lambda: 1)()
