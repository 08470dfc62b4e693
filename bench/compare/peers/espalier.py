import json
import subprocess

from . import Outcome
from .process import run_timed

PROGRAM = "build/release/espalier"


def version():
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return commit.stdout.strip() or "unknown commit"


def supports(instance):
    return True


def solve(instance, folder, threads, time_limit):
    command = [PROGRAM, "solve", f"{folder}/instance.txt", "--quiet", "--threads", str(threads)]
    command += ["--time-limit", str(time_limit), "--json", f"{folder}/espalier.json"]
    seconds, _, status = run_timed(command, time_limit)
    if status not in (0, 3):
        return Outcome(f"failed: exit {status}", seconds)
    with open(f"{folder}/espalier.json") as file:
        answer = json.load(file)
    if isinstance(answer, list):
        answer = answer[0]
    status = "optimal" if answer["status"] == "optimal" else "limit"
    return Outcome(status, seconds, answer["selected"], answer["objective"])
