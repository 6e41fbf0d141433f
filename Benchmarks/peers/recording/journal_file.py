"""A journal's file as Python reads it, by sqlite3 and nothing of ours."""
import recording

chosen = recording.options()

import json
import os
import sqlite3


class JournalFile:
    program = f"Python's sqlite3 {sqlite3.sqlite_version}"

    def __init__(self, folder):
        self.database = sqlite3.connect(f"file:{os.path.join(folder, 'journal.sqlite')}?mode=ro", uri=True)

    def listing(self):
        rows = self.database.execute(
            "SELECT trial, finalLoss, seed, optimizerSettings FROM trialSummary WHERE experiment = 'thousand'")
        return [(trial, loss, seed, json.loads(settings)["learningRate"]) for trial, loss, seed, settings in rows]

    def curve(self, name):
        return [value for value, in self.database.execute(
            """SELECT value FROM points JOIN trials ON trials.id = trial JOIN experiments ON experiments.id = experiment
            WHERE name = ? AND metric = ? ORDER BY step""", [name, recording.METRIC])]


recording.main(JournalFile(chosen.folder), chosen)
