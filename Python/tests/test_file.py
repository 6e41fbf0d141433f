"""What is opened, and what is refused in words that help."""

import pathlib
import re
import shutil
import sqlite3

import numpy as np
import pytest
from conftest import FIXTURES, ROOT

import journal
from journal.file import FORMATS


@pytest.fixture
def copy(tmp_path):
    return pathlib.Path(shutil.copy(FIXTURES / "learned.sqlite", tmp_path / "it's a #journal?.sqlite"))


def change(path, *statements):
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_the_formats_that_the_program_writes_are_known():
    schema = (ROOT / "Sources/JournalStore/Format/Schema.swift").read_text()
    written = re.findall(r'^ *\("([a-z-]+)", ', schema, re.MULTILINE)
    assert written[:4] == list(FORMATS[:4])
    assert set(written) <= set(FORMATS)


def test_the_package_has_the_programs_version():
    program = (ROOT / "Sources/journal/JournalProgram.swift").read_text()
    package = (ROOT / "Python/pyproject.toml").read_text()
    (version,) = re.findall(r'static let current = "(.*)"', program)
    assert re.findall(r'^version = "(.*)"', package, re.MULTILINE) == [version]


def test_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no journal at .*nowhere.sqlite"):
        journal.open(tmp_path / "nowhere.sqlite")
    with pytest.raises(journal.JournalError, match="is a folder"):
        journal.open(tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_is_no_database(tmp_path):
    (tmp_path / "text").write_text("not a database, but longer than a header")
    with pytest.raises(journal.JournalError, match="it is not an SQLite database"):
        journal.open(tmp_path / "text")
    (tmp_path / "empty").touch()
    with pytest.raises(journal.JournalError, match="it is empty"):
        journal.open(tmp_path / "empty")


def test_another_applications_database(tmp_path):
    change(tmp_path / "other.sqlite", "CREATE TABLE trials (id INTEGER)")
    with pytest.raises(journal.JournalError, match="of another application"):
        journal.open(tmp_path / "other.sqlite")


def test_a_newer_format(copy):
    change(copy, "INSERT INTO formatHistory VALUES ('beyond', '9.0.0', '2030-01-01')")
    with pytest.raises(journal.JournalError, match=r"written by journal 9\.0\.0 \(format beyond\).*Install"):
        journal.open(copy)


def test_the_first_format(copy):
    change(copy, "DELETE FROM formatHistory WHERE migration <> 'experiments-trials-curves'")
    with pytest.raises(journal.JournalError, match="first format.*journal run"):
        journal.open(copy)


def test_a_damaged_file(copy):
    contents = copy.read_bytes()
    copy.write_bytes(contents[: len(contents) // 2])
    with pytest.raises(journal.JournalError, match="cannot be read: .*malformed"):
        journal.open(copy)


def test_reading_writes_nothing_and_cannot(copy):
    before = copy.read_bytes()
    with journal.open(copy) as opened:
        opened.experiment("stored-single").curves()
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            opened.connection.execute("DELETE FROM experiments")
    assert copy.read_bytes() == before
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_a_journal_that_is_written_to(copy):
    """In write-ahead mode, with what is recorded still in the log, as beside a run."""
    writer = sqlite3.connect(copy)
    writer.execute("PRAGMA journal_mode = wal")
    writer.execute("UPDATE runs SET heartbeatAt = heartbeatAt")
    writer.commit()
    with journal.open(copy) as opened:
        experiment = opened.experiment("diverging")
        points = len(experiment.curves(unfinished=True))
        (trial,) = experiment.trials().query("seed == 3000000 and optimizer.str.contains('0.1')")["trial"]
        writer.execute("INSERT INTO curves VALUES (?, 'loss', 1, 7, 1, 2, '[0.5,-9e999]')", [int(trial)])
        assert len(experiment.curves(unfinished=True)) == points
        writer.commit()
        grown = experiment.curves(unfinished=True)
        assert len(grown) == points + 2
        assert list(grown[grown["trial"] == trial]["loss"])[-2:] == [0.5, -np.inf]
        # A reader that is there makes no writer wait.
        writer.execute("PRAGMA busy_timeout = 0")
        writer.execute("DELETE FROM curves WHERE chunk = 1")
        writer.commit()
    writer.close()


def test_a_journal_without_its_log(copy):
    writer = sqlite3.connect(copy)
    writer.execute("PRAGMA journal_mode = wal")
    writer.execute("CREATE TABLE more (id INTEGER)")
    writer.commit()
    alone = copy.parent / "alone.sqlite"
    shutil.copy(copy, alone)
    with pytest.warns(UserWarning, match="its log .*alone.sqlite-wal is not beside it"):
        journal.open(alone).close()
    writer.close()
