"""Aim: one call a point. The index by which its runs are found is not counted as recording: its server makes it beside."""
import recording

chosen = recording.options()

import logging
import os
import subprocess
import sys
from importlib import metadata

import aim
from aim.storage.context import Context

logging.disable(logging.WARNING)


class Aim:
    program = f"Aim {metadata.version('aim')}"

    def __init__(self, folder):
        self.folder = folder
        self.repo = aim.Repo(folder, init=not os.path.exists(os.path.join(folder, ".aim")))

    def record(self, name, values, parameters=None):
        run = aim.Run(
            repo=self.repo, experiment="benchmark", system_tracking_interval=None, log_system_params=False,
            capture_terminal_logs=False)
        run.name = name
        if parameters:
            run["hparams"] = parameters
        for step, value in enumerate(values):
            run.track(value, name=recording.METRIC, step=step)
        run.close()

    def index(self):
        subprocess.run(
            [os.path.join(os.path.dirname(sys.executable), "aim"), "storage", "--repo", self.folder, "reindex"],
            input="y\n", text=True, check=True, capture_output=True)

    def names(self):
        return [run.name for run in self.repo.iter_runs()]

    def metric(self, run):
        return run.get_metric(recording.METRIC, Context({}))

    def listing(self):
        rows = []
        for run in self.repo.iter_runs():
            parameters = run.get("hparams")
            if parameters:
                last = run.collect_sequence_info(("metric",))["metric"][0]["values"]["last"]
                rows.append((run.hash, last, parameters["seed"], parameters["learningRate"]))
        return rows

    def curve(self, name):
        found = self.repo.query_metrics(
            f"run.name == '{name}' and metric.name == '{recording.METRIC}'", report_mode=0)
        return next(iter(found)).data.view("val").numpy()[1][0].tolist()  # in the order of steps


recording.main(Aim(chosen.folder), chosen)
