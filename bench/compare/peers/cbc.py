import re
import subprocess

from . import Outcome
from .process import run_timed


def version():
    done = subprocess.run(["cbc", "-quit"], capture_output=True, text=True, check=False)
    found = re.search(r"Version: (\S+)", done.stdout)
    return found.group(1) if found else "unknown"


def supports(instance):
    return True


def solve(instance, folder, threads, time_limit):
    # Absolute gap: objectives are integers, so that anything below 1 proves the optimum; 0 is exact.
    command = ["cbc", f"{folder}/instance.lp", "-ratioGap", "0", "-allowableGap", "0"]
    command += ["-timeMode", "elapsed", "-sec", str(time_limit)]
    command += ["-threads", str(threads)] if threads > 1 else []
    command += ["-solve", "-solution", f"{folder}/cbc.sol"]
    seconds, _, status = run_timed(command, time_limit)
    if status != 0:
        return Outcome("limit" if status is None else f"failed: exit {status}", seconds)
    with open(f"{folder}/cbc.sol") as file:
        lines = file.read().splitlines()
    selected = []
    for line in lines[1:]:
        fields = line.replace("**", " ").split()
        if len(fields) >= 3 and fields[1].startswith("x") and float(fields[2]) > 0.5:
            selected.append(int(fields[1][1:]))
    status = "optimal" if lines[0].startswith("Optimal") else "limit"
    # The file has the objective of the minimisation that CBC makes of it.
    return Outcome(status, seconds, selected, abs(float(lines[0].split()[-1])))
