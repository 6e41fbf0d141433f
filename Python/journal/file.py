"""Opening a journal's file to read it, and refusing what is none."""

import os
import pathlib
import sqlite3
import warnings

from .errors import JournalError, MissingFileError

APPLICATION = 0x4A524E4C  # "JRNL"

# The migrations that make a journal's format. Those before `OLDEST` left out what is NaN.
FORMATS = (
    "experiments-trials-curves",
    "locks-fresh-versions-nan",
    "contents-of-trials",
    "results-by-name",
    "notes-tags-archive",
    "curve-overviews",
    "replicates-of-meta-training",
    "cluster-tasks",
)
OLDEST = "locks-fresh-versions-nan"


def connect(path):
    """A read-only connection to the journal at `path`; raises JournalError where there is none that can be read."""
    path = os.fsdecode(path)
    if not os.path.exists(path):
        raise MissingFileError(f"there is no journal at {path}")
    if os.path.isdir(path):
        raise MissingFileError(f"{path} is a folder, not a journal")
    try:
        with open(path, "rb") as file:
            header = file.read(20)
    except OSError as error:
        raise JournalError(f"{path} cannot be read: {error.strerror}") from None
    if not header.startswith(b"SQLite format 3\0"):
        raise JournalError(f"{path} is not a journal: it is {'not an SQLite database' if header else 'empty'}")
    # Byte 18 is 2 while a journal is written to, or after a run that was killed: then newest results are in the log.
    if header[18] == 2 and not os.path.exists(f"{path}-wal"):
        warnings.warn(
            f"{path} was in use, but its log {path}-wal is not beside it. If it was copied, the last results may be "
            "missing: copy all files whose names begin with the journal's",
            stacklevel=3,
        )
    try:
        connection = _open(path)
        try:
            _require_known_format(connection, path)
        except BaseException:
            connection.close()
            raise
    except sqlite3.DatabaseError as error:
        raise JournalError(f"{path} cannot be read: {error}") from error
    return connection


def _open(path):
    address = pathlib.Path(path).absolute().as_uri()
    connection = sqlite3.connect(f"{address}?mode=ro", uri=True, timeout=10)
    try:
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1")
        return connection
    except sqlite3.OperationalError:
        connection.close()
        # In a folder that cannot be written, a log cannot be set up; where there is none, nothing writes to the file.
        if os.path.exists(f"{path}-wal"):
            raise
        return sqlite3.connect(f"{address}?immutable=1", uri=True)


def _require_known_format(connection, path):
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
        raise JournalError(f"{path} is not a journal: it is the SQLite database of another application")
    history = connection.execute("SELECT migration, programVersion FROM formatHistory ORDER BY rowid").fetchall()
    unknown = [(name, version) for name, version in history if name not in FORMATS]
    if unknown:
        name, version = unknown[-1]
        raise JournalError(
            f"{path} was written by journal {version} (format {name}); this journal-reader knows formats up to "
            f"{FORMATS[-1]}. Install the journal-reader of that version"
        )
    if OLDEST not in (name for name, _ in history):
        version = history[-1][1] if history else "of unknown version"
        raise JournalError(
            f"{path} has the first format, of journal {version}, which this journal-reader does not read: any "
            "journal run with this journal brings it up to date"
        )
