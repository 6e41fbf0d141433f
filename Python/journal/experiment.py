"""One version of an experiment: its trials, their curves and parameters, and what it has learned."""

import pandas

from . import curves, learned
from .errors import UnknownNameError
from .tables import frame, parsed
from .tensors import array

_JSON = ["problemSettings", "optimizerSettings", "architecture"]
_RESULTS = ["finalLoss", "bestLoss", "testLoss", "accuracy"]


class Experiment:
    """One version of an experiment, as `Journal.experiment` finds it."""

    def __init__(self, journal, identifier):
        self._journal = journal
        self._id = identifier
        self.name, self.hash, self._spec, self.question, self.program_version, self.created_at = (
            journal.connection.execute(
                "SELECT name, hash, spec, question, programVersion, createdAt FROM experiments WHERE id = ?",
                [identifier],
            ).fetchone()
        )

    def __repr__(self):
        return f"<{self.name}@{self.hash[:12]} of {self._journal!r}>"

    @property
    def spec(self):
        """The spec as it was run, after `--set`."""
        return parsed(self._spec)

    def trials(self):
        """A data frame with a row a trial: what was run, how far it is, and its results by name as columns.

        A result that is not a number is NaN, and so is one that a trial does not have; `diverged` tells them apart.
        """
        connection = self._journal.connection
        table = frame(
            connection.execute("SELECT * FROM trialSummary WHERE experimentID = ? ORDER BY trial", [self._id]), _JSON
        )
        nan_results = table["nanResults"].fillna("").str.split()
        table = table.drop(columns=["experiment", "version", "nanResults", "run", "experimentID"])
        table["diverged"] = table["diverged"].astype(bool)
        if not self._journal.has("results"):
            for name in _RESULTS:
                table[name] = table[name].astype(float).mask([name in names for names in nan_results])
            return table
        results = frame(
            connection.execute(
                """
                SELECT trial, name, value, isNaN FROM results
                WHERE trial IN (SELECT id FROM trials WHERE experiment = ?)
                """,
                [self._id],
            )
        )
        results["value"] = results["value"].astype(float).mask(results["isNaN"].astype(bool))
        values = results.pivot(index="trial", columns="name", values="value")
        names = [name for name in _RESULTS if name in values] + sorted(set(values) - set(_RESULTS))
        rest = table.drop(columns=_RESULTS)
        return pandas.concat([rest, values[names].reindex(rest["trial"]).reset_index(drop=True)], axis=1)

    def curves(self, metric="loss", *, kind=None, problem=None, optimizer=None, unfinished=False, wide=False):
        """The points of a metric: a data frame of trial, kind, problem, optimizer, seed, step and the metric; where an
        optimizer was trained several times, of the replicate too.

        Those of tuning trials are left out, unless `kind="tuning"` asks for them, and those of trials that are not
        complete, unless `unfinished` does. `wide` gives a row a step and a column a trial, under its problem, optimizer
        and seed: `curves(wide=True).T.groupby(["problem", "optimizer"]).mean().T` is their means.
        """
        curves.require_metric(self._journal.connection, metric)
        replicate = ", replicate" if learned.has_replicates(self._journal.connection) else ""
        trials = frame(
            self._journal.connection.execute(
                f"""
                SELECT id AS trial, kind, problem, optimizer, seed, status{replicate} FROM trials WHERE experiment = ?
                ORDER BY id
                """,
                [self._id],
            )
        )
        chosen = trials["kind"] != "tuning" if kind is None else _one_of(trials, "kind", kind)
        for column, value in (("problem", problem), ("optimizer", optimizer)):
            if value is not None:
                chosen &= _one_of(trials, column, value)
        if not unfinished:
            chosen &= trials["status"] == "completed"
        table = curves.read(self._journal.connection, trials[chosen], metric)
        return curves.widened(table, metric) if wide else table

    def snapshots(self, trial=None):
        """A data frame with a row for each parameter tensor that was kept of a trial, or of all trials.

        Its columns are trial, step, parameter, shape and elementType; `parameters` reads the numbers.
        """
        table = frame(
            self._journal.connection.execute(
                """
                SELECT trial, step, parameter, shape, elementType FROM snapshots
                WHERE trial IN (SELECT id FROM trials WHERE experiment = ?1) AND (?2 IS NULL OR trial = ?2)
                ORDER BY trial, step, rowid
                """,
                [self._id, None if trial is None else int(trial)],
            ),
            ["shape"],
        )
        table["shape"] = [tuple(shape) for shape in table["shape"]]
        return table

    def parameters(self, trial, step=None):
        """The parameters of a trial after a step, its last snapshot if none is given: NumPy arrays by name.

        The last row of a fully connected layer's weight is its bias.
        """
        kept = [
            number
            for (number,) in self._journal.connection.execute(
                """
                SELECT DISTINCT step FROM snapshots JOIN trials ON trials.id = trial
                WHERE trial = ? AND experiment = ? ORDER BY step
                """,
                [int(trial), self._id],
            )
        ]
        if not kept:
            raise UnknownNameError(f"no parameters were kept of a trial {trial} of {self.name}")
        if step is not None and step not in kept:
            shown = ", ".join(map(str, kept[:20])) + (", …" if len(kept) > 20 else "")
            raise UnknownNameError(f"no parameters of trial {trial} were kept at step {step}; they were at {shown}")
        rows = self._journal.connection.execute(
            "SELECT parameter, shape, elementType, bytes FROM snapshots WHERE trial = ? AND step = ? ORDER BY rowid",
            [int(trial), kept[-1] if step is None else int(step)],
        )
        return {name: array(*tensor) for name, *tensor in rows}

    def learned_optimizers(self):
        """A data frame with a row for each optimizer that it has learned."""
        return learned.table(self._journal.connection, self._id)

    def learned_optimizer(self, trial=None, replicate=None):
        """The optimizer that the trial has learned, or the replicate, of which the first is 1; if none is given, the
        one with the lowest evaluation loss, which specs mean by the experiment's name."""
        return learned.stored(self._journal.connection, self._id, f"{self.name}@{self.hash}", trial, replicate)

    def weights(self, trial=None):
        """The weights of that optimizer, NumPy arrays by name."""
        return self.learned_optimizer(trial).weights

    def notes(self):
        """A data frame with a row for each note on the experiment, of all its versions, oldest first."""
        columns = ["version", "trialIdentity", "kind", "text", "createdAt"]
        if not self._journal.has("notes"):
            return pandas.DataFrame(columns=columns)
        return self._journal.query(
            f"SELECT {', '.join(columns)} FROM notes WHERE experiment = ? ORDER BY createdAt, id", [self.name]
        )


def _one_of(trials, column, value):
    """Which trials have this value, or one of several, in a column; raises UnknownNameError where none has."""
    values = [value] if isinstance(value, str) else list(value)
    known = trials[column].unique()
    for name in values:
        if name not in known:
            raise UnknownNameError(f"no trial has the {column} {name}; there are {', '.join(known)}")
    return trials[column].isin(values)
