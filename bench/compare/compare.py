"""Runs Espalier and other solvers on the same instances, checks every answer, and compares clocks.

The solvers take turns on each instance, in an order that rotates, so that all see the machine in the
same state. An answer is looked at before its time: selections are added up and tested here, in exact
integers, and a claim of optimality that another solver's solution refutes is printed and counts as
unsolved. A time-out counts with the whole time limit.
"""

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

import peers
from instances import (
    generate_pruning_family,
    read_or_library,
    write_lp,
    write_or_library,
)
from profile_picture import draw_profile
from summary import table

OR_LIBRARY = {
    "5.100": "mknapcb1", "5.250": "mknapcb2", "5.500": "mknapcb3",
    "10.100": "mknapcb4", "10.250": "mknapcb5", "10.500": "mknapcb6",
    "30.100": "mknapcb7", "30.250": "mknapcb8", "30.500": "mknapcb9",
    "kp-hard": "kp_pisinger_hard", "kp-large": "kp_pisinger_large", "kp-jooken": "kp_jooken",
}  # fmt: skip


def load_class(name, data, count):
    """At most `count` instances of a class, evenly spread over it."""
    if name.startswith("pruning"):
        instances = generate_pruning_family(int(name.removeprefix("pruning")))
    elif name in OR_LIBRARY:
        instances = read_or_library(Path(data) / "mkp" / f"{OR_LIBRARY[name]}.txt.gz")
    else:
        sys.exit(f"unknown class '{name}'; expected pruningN or one of {', '.join(OR_LIBRARY)}")
    count = min(count, len(instances))
    return [instances[k * len(instances) // count] for k in range(count)]


def ask(solver, folder, threads, time_limit):
    """One solver on the instance in `folder`, in a process of its own that is ended if it hangs."""
    command = [sys.executable, str(Path(__file__).with_name("worker.py")), solver, folder]
    command += [str(threads), str(time_limit)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=2 * time_limit + 60, check=False
        )
        return json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        return {"status": "limit", "seconds": time_limit, "selected": [], "claimed": None}
    except (json.JSONDecodeError, IndexError):
        why = done.stderr.strip()[-200:]
        return {"status": f"failed: {why}", "seconds": 0.0, "selected": [], "claimed": None}


def agrees(claimed, objective):
    """Whether a claim, maybe printed with few digits, is the objective."""
    return claimed is not None and abs(claimed - objective) <= 1e-6 * max(1, abs(objective))


def judge(instance, outcomes):
    """Recomputes every answer; marks as wrong what is infeasible or refuted by a better solution."""
    best = 0
    for outcome in outcomes.values():
        outcome["objective"] = instance.objective(outcome["selected"])
        if outcome["status"] not in ("optimal", "limit"):
            continue
        claimed = outcome["claimed"]
        if not instance.is_feasible(outcome["selected"]):
            outcome["status"] = "WRONG: infeasible selection"
        elif outcome["status"] == "optimal" and not agrees(claimed, outcome["objective"]):
            outcome["status"] = f"WRONG: claims {claimed}, but its items are worth {outcome['objective']}"
        else:
            best = max(best, outcome["objective"])
    for outcome in outcomes.values():
        if outcome["status"] == "optimal" and outcome["objective"] < best:
            outcome["status"] = f"WRONG: claims {outcome['objective']}, but {best} is feasible"


def compare_on(instance, solvers, turn, threads, time_limit):
    with tempfile.TemporaryDirectory() as folder:
        write_or_library(instance, f"{folder}/instance.txt")
        write_lp(instance, f"{folder}/instance.lp")
        order = solvers[turn % len(solvers) :] + solvers[: turn % len(solvers)]
        outcomes = {solver: ask(solver, folder, threads, time_limit) for solver in order}
    judge(instance, outcomes)
    for solver in solvers:
        outcome = outcomes[solver]
        print(f"{instance.name:24} {solver:18} {outcome['seconds']:10.3f} s  {outcome['status']}")
    sys.stdout.flush()
    return outcomes


def describe_run(args, solvers):
    versions = {}
    for solver in solvers:
        command = [sys.executable, str(Path(__file__).with_name("worker.py")), solver]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        versions[solver] = done.stdout.strip() or "unknown"
    model = next(
        (line.split(":")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line),
        platform.machine(),
    )
    return {
        "date": datetime.date.today().isoformat(),
        "machine": f"{model}, {os.cpu_count()} cores",
        "threads": args.threads,
        "time_limit": args.time_limit,
        "versions": versions,
    }


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./run bench peers", description=__doc__)
    parser.add_argument("classes", nargs="*", default=["5.100", "10.100", "kp-large", "pruning1000"])
    parser.add_argument("--instances", type=int, default=30, help="at most so many per class")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--time-limit", type=float, default=60, help="seconds per instance")
    parser.add_argument("--solvers", default=",".join(peers.NAMES), help="comma-separated")
    parser.add_argument("--data", default=os.environ.get("ESPALIER_DATA"), help="folder with mkp/")
    parser.add_argument("--out", default="build/peers", help="folder for table, picture and raw data")
    args = parser.parse_args()
    needs_data = any(not name.startswith("pruning") for name in args.classes)
    if needs_data and not args.data:
        parser.error("set ESPALIER_DATA or give --data")
    return args


def main():
    args = parse_arguments()
    solvers = args.solvers.split(",")
    unknown = set(solvers) - set(peers.NAMES)
    if unknown:
        sys.exit(f"unknown solver {unknown}; expected some of {', '.join(peers.NAMES)}")
    classes = {name: load_class(name, args.data, args.instances) for name in args.classes}

    run = describe_run(args, solvers)
    results = {}
    for name, instances in classes.items():
        results[name] = [
            compare_on(instance, solvers, turn, args.threads, args.time_limit)
            for turn, instance in enumerate(instances)
        ]

    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    text = table(run, solvers, results)
    (out / "table.md").write_text(text)
    (out / "profile.svg").write_text(draw_profile(run, solvers, results))
    (out / "raw.json").write_text(json.dumps({"run": run, "results": results}))
    print(f"\n{text}\nwritten: {out}/table.md, {out}/profile.svg, {out}/raw.json")

    wrong = [
        f"{name}: {solver} {outcome['status']}"
        for name, rows in results.items()
        for row in rows
        for solver, outcome in row.items()
        if outcome["status"].startswith("WRONG")
    ]
    for line in wrong:
        print(f"WRONG ANSWER {line}", file=sys.stderr)
    if any(": espalier " in line for line in wrong):
        sys.exit(1)


main()
