"""Learned optimizers from a journal, and from files that `journal export optimizer` wrote."""

import json
import math
import os

from ..errors import JournalError, MissingFileError, UnknownNameError
from ..tables import frame
from ..tensors import array, read_safetensors
from .optimizer import LearnedOptimizer


def read_optimizer(path):
    """The learned optimizer of a file that `journal export optimizer` wrote."""
    path = os.fsdecode(path)
    if not os.path.isfile(path):
        raise MissingFileError(f"there is no file {path}")
    metadata, weights = read_safetensors(path)
    if not {"kind", "configuration"} <= metadata.keys():
        raise JournalError(
            f"{path} is not a learned optimizer: its metadata lacks kind and configuration, as journal export writes"
        )
    loss = metadata.get("evaluationLoss")
    return LearnedOptimizer(
        metadata["kind"],
        json.loads(metadata["configuration"]),
        weights,
        metadata.get("experiment"),
        None if loss is None else float(loss),
    )


def table(connection, experiment=None):
    """A data frame with a row for each learned optimizer of an experiment, or of all."""
    cursor = connection.execute(
        """
        SELECT experiments.name AS experiment, substr(experiments.hash, 1, 12) AS version, trial,
            learnedOptimizers.kind AS kind, configuration AS settings, evaluationLoss, learnedOptimizers.createdAt
        FROM learnedOptimizers JOIN trials ON trials.id = trial JOIN experiments ON experiments.id = trials.experiment
        WHERE replaces IS NULL AND (?1 IS NULL OR experiments.id = ?1) ORDER BY learnedOptimizers.id
        """,
        [experiment],
    )
    return frame(cursor, ["settings"])


def stored(connection, experiment, reference, trial=None):
    """What a trial of an experiment has learned; if none is given, what has the lowest evaluation loss of all."""
    rows = connection.execute(
        """
        SELECT learnedOptimizers.id, learnedOptimizers.kind, configuration, evaluationLoss
        FROM learnedOptimizers JOIN trials ON trials.id = trial
        WHERE experiment = ?1 AND status = 'completed' AND (?2 IS NULL OR trial = ?2)
            AND learnedOptimizers.id IN (SELECT max(id) FROM learnedOptimizers GROUP BY trial)
        ORDER BY position, trials.id
        """,
        [experiment, None if trial is None else int(trial)],
    ).fetchall()
    if not rows:
        name, _, digest = reference.rpartition("@")
        owner = "has" if trial is None else f"has no trial {trial} that has"
        raise UnknownNameError(f"{name}@{digest[:12]} {owner} learned {'no' if trial is None else 'an'} optimizer")
    identifier, kind, configuration, loss = min(rows, key=lambda row: math.inf if row[3] is None else row[3])
    weights = connection.execute(
        """
        SELECT name, shape, elementType, bytes FROM learnedOptimizerWeights WHERE learnedOptimizer = ?
        ORDER BY position
        """,
        [identifier],
    )
    return LearnedOptimizer(
        kind, json.loads(configuration), {name: array(*tensor) for name, *tensor in weights}, reference, loss
    )
