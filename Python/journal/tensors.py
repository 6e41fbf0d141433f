"""Tensors of the journal, and of safetensors files, as NumPy arrays."""

import json
import math
import struct

import numpy as np

from .errors import JournalError

_STORED = {"float32": "<f4", "float64": "<f8"}
_SAFETENSORS = {"F32": "<f4", "F64": "<f8"}


def array(shape, element_type, data):
    """The array that a row's `shape` (JSON), `elementType` and `bytes` say, to the bit."""
    return np.frombuffer(data, _STORED[element_type]).reshape(json.loads(shape)).copy()


def read_safetensors(path):
    """The metadata, texts by key, and the tensors, arrays by name, of a safetensors file.

    Raises JournalError where the file is none, or has elements of other types than F32 and F64.
    """
    with open(path, "rb") as file:
        contents = file.read()
    try:
        (length,) = struct.unpack_from("<Q", contents)
        header = json.loads(contents[8 : 8 + length])
        metadata = header.pop("__metadata__", {})
        data = memoryview(contents)[8 + length :]
        return metadata, {name: _tensor(name, entry, data) for name, entry in header.items()}
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise JournalError(f"{path} is not a safetensors file: {error}") from error


def _tensor(name, entry, data):
    dtype, shape, (start, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
    if dtype not in _SAFETENSORS:
        raise ValueError(f"{name} has elements of type {dtype}; F32 and F64 are allowed")
    element = np.dtype(_SAFETENSORS[dtype])
    if not 0 <= start <= end <= len(data) or end - start != math.prod(shape) * element.itemsize:
        raise ValueError(f"{name} has {end - start} bytes at {start} of {len(data)}, and the shape {shape}")
    return np.frombuffer(data[start:end], element).reshape(shape).copy()
