"""Solves one instance with one solver in a process of its own and prints the outcome as JSON.

worker.py SOLVER FOLDER THREADS TIME_LIMIT    or    worker.py SOLVER (prints the version)
"""

import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

from peers import Outcome
from instances import read_or_library


def main():
    solver = importlib.import_module(f"peers.{sys.argv[1]}")
    if len(sys.argv) == 2:
        print(solver.version())
        return
    folder, threads, time_limit = sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    instance = read_or_library(Path(folder) / "instance.txt")[0]
    if not solver.supports(instance):
        print(json.dumps(asdict(Outcome("unsupported", 0.0))))
        return
    print(json.dumps(asdict(solver.solve(instance, folder, threads, time_limit))))


main()
