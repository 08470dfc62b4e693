"""The table of a comparison: solved counts, shifted geometric means and ratios, by class."""

import math

# Seconds added before the geometric mean is taken and subtracted after, so that differences of
# milliseconds between easy instances do not decide.
SHIFT = 0.1


def is_solved(outcome):
    return outcome["status"] == "optimal"


def counted_seconds(outcome, time_limit):
    """A run that did not prove its optimum counts with the whole limit."""
    return outcome["seconds"] if is_solved(outcome) else max(time_limit, outcome["seconds"])


def shifted_geometric_mean(seconds):
    return math.exp(sum(math.log(s + SHIFT) for s in seconds) / len(seconds)) - SHIFT


def class_rows(name, solvers, rows, time_limit):
    """One table line per solver that was asked about this class."""
    asked = [s for s in solvers if any(row[s]["status"] != "unsupported" for row in rows)]
    means = {
        s: shifted_geometric_mean([counted_seconds(row[s], time_limit) for row in rows]) for s in asked
    }
    lines = []
    for solver in asked:
        solved = sum(is_solved(row[solver]) for row in rows)
        slowest = max(counted_seconds(row[solver], time_limit) for row in rows)
        at_limit = ">" if solved < len(rows) else ""
        ratio = ""
        if "espalier" in means:
            factor = (means[solver] + SHIFT) / (means["espalier"] + SHIFT)
            ratio = f"{at_limit}{factor:.2f}"
        lines.append(
            f"| {name} | {solver} | {solved}/{len(rows)} | {at_limit}{means[solver]:.3f} "
            f"| {at_limit}{slowest:.2f} | {ratio} |"
        )
    return lines


def table(run, solvers, results):
    versions = ", ".join(f"{s} {run['versions'][s]}" for s in solvers)
    lines = [
        f"{run['date']}, {run['machine']}, {run['threads']} thread(s), limit {run['time_limit']:g} s.",
        f"Versions: {versions}.",
        f"Mean: shifted geometric, shift {SHIFT} s; unsolved instances count with the limit (`>`). "
        "Ratio: (mean + shift) to Espalier's.",
        "",
        "| class | solver | solved | mean s | slowest s | ratio |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for name, rows in results.items():
        lines += class_rows(name, solvers, rows, run["time_limit"])
    return "\n".join(lines) + "\n"
