"""An open journal: its experiments and learned optimizers by name."""

import os
import unicodedata

from . import learned
from .errors import UnknownNameError, suggestion
from .experiment import Experiment
from .file import connect
from .tables import frame


def open(path="journal.sqlite"):
    """Opens the journal at `path` to read it. Works beside a run that writes to it, and sees what that adds.

    Raises JournalError where there is no file, or one that is no journal or of a format that is not known here.
    """
    return Journal(path)


class Journal:
    """A journal, open for reading. Close it with `close()`, or use it in a `with` statement."""

    def __init__(self, path):
        self.path = os.fsdecode(path)
        self.connection = connect(path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __repr__(self):
        return f"journal.open({self.path!r})"

    def close(self):
        self.connection.close()

    def query(self, sql, parameters=()):
        """The rows of an SQL statement as a data frame; `trials`, `points` and `experiments` are among the tables."""
        return frame(self.connection.execute(sql, parameters))

    def has(self, table):
        """Whether the journal has a table or view, which one of an older format need not."""
        return self.connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [table]).fetchone() is not None

    def experiments(self):
        """A data frame with a row for each version of each experiment, oldest first."""
        return self.query(
            """
            SELECT name AS experiment, substr(hash, 1, 12) AS version, question, createdAt, programVersion,
                (SELECT count(*) FROM trials WHERE experiment = experiments.id) AS trials,
                (SELECT count(*) FROM trials WHERE experiment = experiments.id AND status = 'completed') AS completed
            FROM experiments WHERE replaces IS NULL ORDER BY id
            """
        )

    def experiment(self, reference):
        """The newest version of the experiment `NAME`, or, as `NAME@HASH`, the one whose hash begins so."""
        versions = self.connection.execute(
            "SELECT id, name, hash FROM experiments WHERE replaces IS NULL ORDER BY id"
        ).fetchall()
        name, _, prefix = reference.rpartition("@") if "@" in reference else (reference, "", "")
        named = [version for version in versions if _same(version[1], name)]
        if not named:
            known = sorted({name for _, name, _ in versions})
            raise UnknownNameError(f"the journal has no experiment {name}{suggestion(name, known)}")
        matches = [version for version in named if version[2].startswith(prefix.lower())]
        if matches and not prefix:
            return Experiment(self, matches[-1][0])
        if len(matches) == 1:
            return Experiment(self, matches[0][0])
        shown = ", ".join(f"{name}@{hash[:12]}" for _, name, hash in matches or named)
        problem = f"{reference} means more than one version" if matches else f"{name} has no version {prefix}"
        raise UnknownNameError(f"{problem}; the journal has {shown}")

    def learned_optimizers(self):
        """A data frame with a row for each learned optimizer: what it is, who learned it, and how well it did."""
        return learned.table(self.connection)

    def learned_optimizer(self, reference):
        """The optimizer that the experiment `NAME` or `NAME@HASH` has learned, with its weights.

        Of several replicates, `NAME/3` is the third, and `NAME` the one with the lowest evaluation loss.
        """
        experiment, slash, number = reference.rpartition("/")
        if slash and number.isdecimal():
            return self.experiment(experiment).learned_optimizer(replicate=int(number))
        return self.experiment(reference).learned_optimizer()

    def weights(self, reference):
        """The weights of that optimizer, NumPy arrays by name."""
        return self.learned_optimizer(reference).weights

    def notes(self, reference):
        """A data frame with the notes on the experiment `NAME`, if the journal has a table of them."""
        return self.experiment(reference).notes()


def _same(one, other):
    """Whether names are equal, which may be spelled in other bytes: é is one character or two."""
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
