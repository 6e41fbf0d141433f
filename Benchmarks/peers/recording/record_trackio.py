"""trackio: one call a point, which it gathers and writes itself; runs are listed by SQL, as `trackio query` does."""
import recording

chosen = recording.options()

import json
import os

os.environ["TRACKIO_DIR"] = chosen.folder
import trackio
from trackio.sqlite_storage import SQLiteStorage

PROJECT = "benchmark"


class Trackio:
    program = f"trackio {trackio.__version__}"

    def record(self, name, values, parameters=None):
        trackio.init(
            project=PROJECT, name=name, config=parameters, embed=False, auto_log_gpu=False, auto_log_cpu=False)
        for step, value in enumerate(values):
            trackio.log({recording.METRIC: value}, step=step)
        trackio.finish()

    def index(self):
        pass

    def names(self):
        return [run.name for run in trackio.Api().runs(PROJECT)]

    def listing(self):
        found = SQLiteStorage.query_project(PROJECT, f"""
            SELECT run_name, config, (
                SELECT json_extract(metrics, '$.{recording.METRIC}') FROM metrics
                WHERE metrics.run_id = configs.run_id ORDER BY step DESC LIMIT 1) AS last
            FROM configs""")
        rows = []
        for row in found["rows"]:
            parameters = json.loads(row["config"])
            if "seed" in parameters:
                rows.append((row["run_name"], row["last"], parameters["seed"], parameters["learningRate"]))
        return rows

    def curve(self, name):
        return [point[recording.METRIC] for point in SQLiteStorage.get_logs(PROJECT, name)]


recording.main(Trackio(), chosen)
