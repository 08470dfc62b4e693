#!/usr/bin/env python3
"""Tables of pruning runs.

`reuse`: over reuse factors, DSP at 16 bit and DSP+BRAM at 18 bit. `methods`: how structures are
chosen. `values`: what they are worth. Every line is the mean over the seeds, with the range of the
DSP reduction. Runs whose report is there already are not repeated. Other options go to every run;
give such a table an --out of its own.
"""

import argparse
import json
import os
import subprocess


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="the program espalier")
    parser.add_argument("table", choices=["reuse", "methods", "values"])
    parser.add_argument("task", choices=["jets", "fashion", "gamma", "cifar", "svhn"])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--only", default="", metavar="TEXT",
                        help="only the lines whose setting contains this")
    parser.add_argument("--out", default="build/prune-tables")
    return parser.parse_known_args()


ARGUMENTS, EVERY_RUN = arguments()


def report(name, options, seed):
    """The report of one run, made unless it is there."""
    folder = os.path.join(ARGUMENTS.out, ARGUMENTS.task, name.replace(" ", "_"), str(seed))
    file = os.path.join(folder, "report.json")
    if not os.path.exists(file):
        command = [ARGUMENTS.program, "prune", "--task", ARGUMENTS.task, "--seed", str(seed),
                   "--threads", str(ARGUMENTS.threads), "--quiet", "--out", folder, *options, *EVERY_RUN]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with open(file, encoding="utf-8") as handle:
        return json.load(handle)


def line(name, options):
    """One line of the table: means over the seeds."""
    reports = [report(name, options, seed) for seed in ARGUMENTS.seeds]

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


REUSE_FACTORS = (3, 9, 27) if ARGUMENTS.task in ("cifar", "svhn") else (2, 4, 8, 16)
TABLES = {
    "reuse": [(f"RF {rf}, {width} bit, {objective}",
               ["--reuse-factor", str(rf), "--precision", f"ap_fixed<{width},{width - 10}>",
                "--objective", objective])
              for width, objective in ((16, "dsp"), (18, "dsp+bram")) for rf in REUSE_FACTORS],
    "methods": [(f"{method}, {objective}", ["--selection", method, "--objective", objective])
                for objective in ("dsp", "dsp+bram")
                for method in ("exact", "greedy", "uniform", "magnitude")],
    "values": [(f"{value}, scale {scale}", ["--value", value, "--value-scale", scale])
               for value in ("l1", "l2", "gradient", "second-order") for scale in ("layer", "none")],
}

print("| setting | DSP before | DSP removed, % (range) | BRAM removed, % | accuracy before, % "
      "| after, % | after, fixed point, % | relative loss, % | greedy keeps less by at most |")
print("|---|---|---|---|---|---|---|---|---|")
for setting, options in TABLES[ARGUMENTS.table]:
    if ARGUMENTS.only in setting:
        line(setting, options)
