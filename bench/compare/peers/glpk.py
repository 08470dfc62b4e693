import re
import subprocess

from . import Outcome
from .process import run_timed


def version():
    done = subprocess.run(["glpsol", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"Solver v?([\d.]+)|Optimizer,? v?([\d.]+)", done.stdout)
    return next((group for group in (found.groups() if found else []) if group), "unknown")


def supports(instance):
    return True  # it has one thread, whatever is asked for


def solve(instance, folder, threads, time_limit):
    command = ["glpsol", "--lp", f"{folder}/instance.lp", "--intopt", "--cuts", "--mipgap", "0"]
    command += ["--tmlim", str(int(time_limit)), "--write", f"{folder}/glpk.sol"]
    seconds, output, status = run_timed(command, time_limit)
    if status != 0:
        return Outcome("limit" if status is None else f"failed: exit {status}", seconds)
    # Lines of --write: "s mip ROWS COLUMNS STATUS OBJECTIVE" and "j COLUMN VALUE", columns in the order in which the LP file first names them,
    # which is that of the objective.
    selected, objective = [], None
    with open(f"{folder}/glpk.sol") as file:
        for line in file:
            fields = line.split()
            if fields and fields[0] == "s":
                objective = float(fields[5])
            if fields and fields[0] == "j" and float(fields[2]) > 0.5:
                selected.append(int(fields[1]) - 1)
    return Outcome("optimal" if "INTEGER OPTIMAL" in output else "limit", seconds, selected, objective)
