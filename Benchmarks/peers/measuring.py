"""What all peers share: their options, the clock, and the line of JSON that they print."""
import argparse
import json
import os
import resource
import sys
import time


def options(works):
    """Reads the command line, and keeps this process to as many processors as it may have threads.

    Call it before importing a library that counts the processors.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("work", choices=works)
    parser.add_argument("--repeats", type=int, required=True, help="how many times are measured")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--compiled", action="store_true", help="use the library's compiler where it is optional")
    chosen = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: chosen.threads])
    return chosen


def report(program, run, repeats, steps=1, prepare=lambda number: None):
    """Calls `run` once to warm up and then `repeats` times, and prints the seconds that each of its steps took.

    What `prepare` does before each call is not counted.
    """
    seconds = []
    for number in range(repeats + 1):
        prepare(number)
        start = time.perf_counter()
        run(number)
        if number > 0:
            seconds.append((time.perf_counter() - start) / steps)
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    print(json.dumps({"program": program, "seconds": seconds, "peakMebibytes": peak}))
