"""Reads a student's weights out of a journal and lets it answer the test split of MNIST; needs `pip install numpy`.

    python docs/read_snapshots.py journal.sqlite TRIAL [FOLDER OF MNIST]
"""

import gzip
import json
import sqlite3
import sys

import numpy as np


def snapshot(journal, trial, step=None):
    """The parameters of a trial, by name, at a step; at its last snapshot, if no step is given."""
    if step is None:
        (step,) = journal.execute("SELECT max(step) FROM snapshots WHERE trial = ?", [trial]).fetchone()
    rows = journal.execute(
        "SELECT parameter, shape, elementType, bytes FROM snapshots WHERE trial = ? AND step = ?", [trial, step])
    return {
        name: np.frombuffer(data, {"float32": "<f4", "float64": "<f8"}[kind]).reshape(json.loads(shape))
        for name, shape, kind, data in rows
    }


def logits(weights, images, activation):
    """What a fully connected student puts out for images [examples, inputs] with values from 0 to 1."""
    layers = sorted(weights, key=lambda name: int(name.removeprefix("dense").split("/")[0]))
    values = images
    for name in layers:
        weight, bias = weights[name][:-1], weights[name][-1]  # The bias is the last row.
        values = values @ weight + bias
        if name != layers[-1]:
            values = activation(values)
    return values


if __name__ == "__main__":
    journal = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
    weights = snapshot(journal, int(sys.argv[2]))
    for name, values in sorted(weights.items()):
        print(name, values.shape, values.dtype)
    if len(sys.argv) > 3:
        with gzip.open(f"{sys.argv[3]}/t10k-images-idx3-ubyte.gz") as file:
            images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 784) / 255
        with gzip.open(f"{sys.argv[3]}/t10k-labels-idx1-ubyte.gz") as file:
            labels = np.frombuffer(file.read(), np.uint8, offset=8)
        answers = logits(weights, images, lambda x: 1 / (1 + np.exp(-x))).argmax(axis=1)
        (recorded,) = journal.execute("SELECT accuracy FROM trials WHERE id = ?", [sys.argv[2]]).fetchone()
        print("accuracy", np.mean(answers == labels), "recorded", recorded)
