"""Curves, which the journal keeps in chunks, as data frames."""

import json

import numpy as np

from .errors import UnknownNameError, suggestion
from .tables import placeholders

_DESCRIPTION = ["trial", "kind", "problem", "optimizer", "seed"]


def read(connection, trials, metric):
    """A data frame with a row for each point of a metric of the trials, a frame that says what each of them is.

    Numbers are those that were computed, to the bit: NaN and infinities as what they are, and those of a trial in
    single precision as the shortest decimals that round to them, so that `numpy.float32` gives them back.
    """
    trials = trials.drop_duplicates("trial").set_index("trial")
    chunks = [
        (trial, first + stride * np.arange(count), numbers(text))
        for trial, first, stride, count, text in _rows(connection, [int(trial) for trial in trials.index], metric)
    ]
    ids = np.repeat([chunk[0] for chunk in chunks], [len(chunk[1]) for chunk in chunks]).astype(np.int64)
    # A column of its own only where there are several replicates, as of those before there could be.
    replicated = "replicate" in trials and trials["replicate"].notna().any()
    table = trials.loc[ids, _DESCRIPTION[1:] + ["replicate"] * bool(replicated)].reset_index()
    table["step"] = np.concatenate([chunk[1] for chunk in chunks] or [np.zeros(0, np.int64)])
    table[metric] = np.concatenate([chunk[2] for chunk in chunks] or [np.zeros(0)])
    return table


def numbers(text):
    """The numbers of a chunk's JSON, where null stands for NaN and 9e999 for infinity."""
    return np.array([np.nan if value is None else value for value in json.loads(text)], np.float64)


def widened(table, metric):
    """The same points with a row a step and a column a trial; the replicate of an optimizer that has none is 0."""
    names = ["problem", "optimizer", "seed", "trial"]
    if "replicate" in table:
        names.insert(2, "replicate")
        table = table.assign(replicate=table["replicate"].fillna(0).astype(int))
    return table.pivot(index="step", columns=names, values=metric)


def require_metric(connection, metric):
    """Raises UnknownNameError unless the journal has curves of this metric."""
    known = [name for (name,) in connection.execute("SELECT DISTINCT metric FROM curves ORDER BY metric")]
    if metric not in known:
        raise UnknownNameError(f"the journal has no curves of {metric}{suggestion(metric, known)}")


def _rows(connection, ids, metric):
    # SQLite takes so many parameters at a time, whatever it was built with.
    for start in range(0, len(ids), 900):
        some = ids[start : start + 900]
        yield from connection.execute(
            f"""
            SELECT trial, firstStep, stride, pointCount, pointValues FROM curves
            WHERE trial IN ({placeholders(some)}) AND metric = ? ORDER BY trial, chunk
            """,
            [*some, metric],
        )
