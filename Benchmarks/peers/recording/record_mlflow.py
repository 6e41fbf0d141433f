"""MLflow with its SQLite store: metrics in batches of 1,000, the most that it takes at once."""
import recording

chosen = recording.options()

import time

import mlflow
from mlflow.entities import Metric, Param

BATCH = 1000


class MLflow:
    program = f"MLflow {mlflow.__version__}"

    def __init__(self, folder):
        self.client = mlflow.MlflowClient(f"sqlite:///{folder}/mlflow.db")
        found = self.client.get_experiment_by_name("benchmark")
        self.experiment = found.experiment_id if found else self.client.create_experiment("benchmark")

    def record(self, name, values, parameters=None):
        run = self.client.create_run(self.experiment, run_name=name).info.run_id
        params = [Param(key, str(value)) for key, value in (parameters or {}).items()]
        for start in range(0, len(values), BATCH):
            now = int(time.time() * 1000)
            metrics = [
                Metric(recording.METRIC, value, now, step)
                for step, value in enumerate(values[start:start + BATCH], start)]
            self.client.log_batch(run, metrics=metrics, params=params)
            params = []
        self.client.set_terminated(run)

    def index(self):
        pass

    def names(self):
        return [run.info.run_name for run in self.runs()]

    def runs(self, condition="", most=1000):
        return self.client.search_runs([self.experiment], condition, max_results=most)

    def listing(self):
        return [
            (run.info.run_name, run.data.metrics[recording.METRIC], int(run.data.params["seed"]),
             float(run.data.params["learningRate"]))
            for run in self.runs("params.seed != ''")]

    def curve(self, name):
        run = self.runs(f"attributes.run_name = '{name}'", 1)[0].info.run_id
        return [point.value for point in self.client.get_metric_history(run, recording.METRIC)]


recording.main(MLflow(chosen.folder), chosen)
