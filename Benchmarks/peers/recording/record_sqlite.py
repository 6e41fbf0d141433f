"""Bare rows by Python's sqlite3, one transaction a run, with a journal's settings: the least that a store of rows costs."""
import recording

chosen = recording.options()

import os
import sqlite3


class Rows:
    program = f"SQLite {sqlite3.sqlite_version}"

    def __init__(self, folder):
        path = os.path.join(folder, "rows.sqlite")
        self.database = sqlite3.connect(path)
        self.database.executescript("""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            CREATE TABLE IF NOT EXISTS runs (id INTEGER PRIMARY KEY, name TEXT UNIQUE, seed INTEGER, learningRate REAL);
            CREATE TABLE IF NOT EXISTS points (
                run INTEGER, metric TEXT, step INTEGER, value REAL, PRIMARY KEY (run, metric, step)) WITHOUT ROWID;
            """)

    def record(self, name, values, parameters=None):
        parameters = parameters or {}
        with self.database:
            run = self.database.execute(
                "INSERT INTO runs (name, seed, learningRate) VALUES (?, ?, ?)",
                [name, parameters.get("seed"), parameters.get("learningRate")]).lastrowid
            self.database.executemany(
                "INSERT INTO points VALUES (?, ?, ?, ?)",
                ((run, recording.METRIC, step, value) for step, value in enumerate(values)))

    def index(self):
        pass

    def names(self):
        return [name for name, in self.database.execute("SELECT name FROM runs")]

    def listing(self):
        return self.database.execute("""
            SELECT name, (SELECT value FROM points WHERE run = runs.id AND metric = ? ORDER BY step DESC LIMIT 1), seed,
                learningRate
            FROM runs WHERE seed IS NOT NULL""", [recording.METRIC]).fetchall()

    def curve(self, name):
        return [value for value, in self.database.execute(
            "SELECT value FROM points JOIN runs ON runs.id = run WHERE name = ? AND metric = ? ORDER BY step",
            [name, recording.METRIC])]


recording.main(Rows(chosen.folder), chosen)
