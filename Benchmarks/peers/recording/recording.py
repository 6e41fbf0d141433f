"""What the peers that record have in common: their options, the points, the clock, and what they print.

    python record_LIBRARY.py make | points | check | listing | curve FOLDER --inputs FOLDER [--repeats N]

`make` puts a thousand runs and one long curve into FOLDER, `points` records ten runs of 10,000 points there, and `check`
reads those back. Without `--repeats` a process does its work once, as a person's script would; with it, it warms up once and
then prints the seconds of each repeat, what was imported and opened before left out.
"""
import argparse
import array
import json
import os
import resource
import sys
import time

METRIC, CURVE = "loss", "curve"


def options():
    """Reads the command line before a library is imported."""
    parser = argparse.ArgumentParser()
    parser.add_argument("work", choices=["make", "points", "check", "listing", "curve"])
    parser.add_argument("folder", help="where the library keeps its runs")
    parser.add_argument("--inputs", help="the folder with the points to record")
    parser.add_argument("--repeats", type=int, default=0)
    chosen = parser.parse_args()
    chosen.folder = os.path.abspath(chosen.folder)
    chosen.inputs = chosen.inputs and os.path.abspath(chosen.inputs)
    os.makedirs(chosen.folder, exist_ok=True)
    os.chdir(chosen.folder)  # some libraries leave files where they are called
    return chosen


def points(chosen):
    """The curves of ten runs, 10,000 values each."""
    values = array.array("d")
    path = os.path.join(chosen.inputs, "points.doubles")
    with open(path, "rb") as file:
        values.fromfile(file, os.path.getsize(path) // values.itemsize)
    return [values[start:start + 10_000] for start in range(0, len(values), 10_000)]


def runs(chosen):
    """The runs to list, `{"seed", "learningRate", "values"}` each, and the long curve's values."""
    with open(os.path.join(chosen.inputs, "runs.json")) as file:
        found = json.load(file)
    return found["runs"], found["curve"]


def main(peer, chosen):
    """Does the chosen work with a peer, which has

    - `program`: its name and version;
    - `record(name, values, parameters=None)`: one run, its values at steps 0, 1, …;
    - `index()`: whatever must be done so that its runs are found;
    - `names()`: of the runs that were recorded;
    - `listing()`: name, last value, seed and learning rate of each run that has these parameters;
    - `curve(name)`: the values of a run's curve.
    """
    seconds = []

    def repeat(body):
        for number in range(chosen.repeats + 1):
            start = time.perf_counter()
            found = body(number)
            if number > 0 or not chosen.repeats:
                seconds.append(time.perf_counter() - start)
        return found

    if chosen.work == "make":
        thousand, curve = runs(chosen)
        for number, run in enumerate(thousand):
            peer.record(f"run{number}", run["values"], {"seed": run["seed"], "learningRate": run["learningRate"]})
        peer.record(CURVE, curve)
        peer.index()
        answer = [len(thousand)]
    elif chosen.work == "points":
        curves = points(chosen)

        def record(number):
            for run, values in enumerate(curves):
                # The first time warms up, where more follow.
                peer.record(f"run{number}.{run}", values[:100] if number < chosen.repeats else values)

        repeat(record)
        answer = [sum(map(len, curves))]
    elif chosen.work == "check":
        peer.index()
        curves = [peer.curve(name) for name in peer.names()]
        answer = [sum(map(len, curves)), sum(map(sum, curves)), sum(curve[-1] for curve in curves)]
    elif chosen.work == "listing":
        rows = repeat(lambda _: peer.listing())
        answer = [len(rows)] + [sum(row[column] for row in rows) for column in (1, 2, 3)]
    else:
        values = repeat(lambda _: peer.curve(CURVE))
        answer = [len(values), sum(values), values[-1]]
    print(json.dumps({
        "program": peer.program, "seconds": seconds, "peakMebibytes": peak_mebibytes(),
        "answer": [float(number) for number in answer]}))


def peak_mebibytes():
    try:
        # What getrusage says begins, on Linux, with the size of the process that started this one.
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except OSError:
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
