#!/usr/bin/env python3
"""Tables of pruning runs: `prune_tables.py PROGRAM TABLE TASK [SEEDS [OUT]]`.

TABLE is `reuse` (DSP at 16 bit and DSP+BRAM at 18 bit over reuse factors), `methods` (how structures
are chosen) or `values` (what they are worth). Every line is the mean over the seeds, with the range of
the DSP reduction. Runs whose report is already in OUT are not repeated.
"""

import json
import os
import subprocess
import sys

PROGRAM, TABLE, TASK = sys.argv[1:4]
SEEDS = range(1, int(sys.argv[4]) + 1) if len(sys.argv) > 4 else range(1, 4)
OUT = sys.argv[5] if len(sys.argv) > 5 else "build/prune-tables"


def report(name, options, seed):
    """The report of one run, made unless it is there."""
    folder = os.path.join(OUT, TASK, name.replace(" ", "_"), str(seed))
    file = os.path.join(folder, "report.json")
    if not os.path.exists(file):
        command = [PROGRAM, "prune", "--task", TASK, "--seed", str(seed), "--threads", "2",
                   "--quiet", "--out", folder, *options]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with open(file, encoding="utf-8") as handle:
        return json.load(handle)


def line(name, options):
    """One line of the table: means over the seeds."""
    reports = [report(name, options, seed) for seed in SEEDS]

    def mean(value):
        return sum(value(r) for r in reports) / len(reports)

    dsp = [100 * r["reduction"]["dsp"] for r in reports]
    fixed = mean(lambda r: 100 * (r["pruned"]["fixed_point_accuracy"] or float("nan")))
    iterations = [it for r in reports for it in r["iterations"]]
    # Less than an exact choice would have kept of the same values, where the choice was exact.
    behind = [1 - it["knapsack"]["greedy_objective"] / it["knapsack"]["objective"]
              for it in iterations if it["knapsack"]["status"] == "optimal"]
    greedy = f"{100 * max(behind):.2g} %" if behind else "-"
    print(f"| {name} | {reports[0]['baseline']['dsp']} | {sum(dsp) / len(dsp):.1f} "
          f"({min(dsp):.1f} to {max(dsp):.1f}) | {mean(lambda r: 100 * r['reduction']['bram']):.1f} "
          f"| {mean(lambda r: 100 * r['baseline']['accuracy']):.2f} "
          f"| {mean(lambda r: 100 * r['pruned']['accuracy']):.2f} | {fixed:.2f} "
          f"| {mean(lambda r: 100 * r['relative_accuracy_loss']):.2f} | {greedy} |", flush=True)


TABLES = {
    "reuse": [(f"RF {rf}, {width} bit, {objective}",
               ["--reuse-factor", str(rf), "--precision", f"ap_fixed<{width},{width - 10}>",
                "--objective", objective])
              for width, objective in ((16, "dsp"), (18, "dsp+bram")) for rf in (2, 4, 8, 16)],
    "methods": [(f"{method}, {objective}", ["--selection", method, "--objective", objective])
                for objective in ("dsp", "dsp+bram")
                for method in ("exact", "greedy", "uniform", "magnitude")],
    "values": [(f"{value}, scale {scale}", ["--value", value, "--value-scale", scale])
               for value in ("l1", "l2", "gradient", "second-order") for scale in ("layer", "none")],
}

print("| setting | DSP before | DSP removed, % (range) | BRAM removed, % | accuracy before, % "
      "| after, % | after, fixed point, % | relative loss, % | greedy keeps less by at most |")
print("|---|---|---|---|---|---|---|---|---|")
for setting, arguments in TABLES[TABLE]:
    line(setting, arguments)
