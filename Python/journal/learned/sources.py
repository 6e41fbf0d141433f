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
    replicate = "replicate" if has_replicates(connection) else "NULL"
    cursor = connection.execute(
        f"""
        SELECT experiments.name AS experiment, substr(experiments.hash, 1, 12) AS version, trial,
            {replicate} AS replicate, learnedOptimizers.kind AS kind, configuration AS settings, evaluationLoss,
            learnedOptimizers.createdAt
        FROM learnedOptimizers JOIN trials ON trials.id = trial JOIN experiments ON experiments.id = trials.experiment
        WHERE replaces IS NULL AND (?1 IS NULL OR experiments.id = ?1) ORDER BY learnedOptimizers.id
        """,
        [experiment],
    )
    return frame(cursor, ["settings"])


def has_replicates(connection):
    """Whether the journal's format knows several replicates of a meta-training."""
    return any(row[1] == "replicate" for row in connection.execute("PRAGMA table_info(trials)"))


def stored(connection, experiment, reference, trial=None, replicate=None):
    """What a trial or a replicate of an experiment has learned, of which the first is 1; if none is given, what has the
    lowest evaluation loss of all."""
    number = "coalesce(replicate, 1)" if has_replicates(connection) else "1"
    rows = connection.execute(
        f"""
        SELECT learnedOptimizers.id, learnedOptimizers.kind, configuration, evaluationLoss
        FROM learnedOptimizers JOIN trials ON trials.id = trial
        WHERE experiment = ?1 AND status = 'completed' AND (?2 IS NULL OR trial = ?2)
            AND (?3 IS NULL OR {number} = ?3)
            AND learnedOptimizers.id IN (SELECT max(id) FROM learnedOptimizers GROUP BY trial)
        ORDER BY position, trials.id
        """,
        [experiment, None if trial is None else int(trial), None if replicate is None else int(replicate)],
    ).fetchall()
    if not rows:
        name, _, digest = reference.rpartition("@")
        asked = [f"trial {trial}"] if trial is not None else []
        asked += [f"replicate {replicate}"] if replicate is not None else []
        owner = f"has no {' and '.join(asked)} that has learned an" if asked else "has learned no"
        raise UnknownNameError(f"{name}@{digest[:12]} {owner} optimizer")
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
