"""Knapsack instances: OR-Library files in, single instances out, and a generated family.

All numbers are Python integers, so that checks are exact.
"""

import gzip
import random
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Instance:
    name: str
    profits: list[int]
    rows: list[list[int]]
    capacities: list[int]

    def objective(self, selected):
        return sum(self.profits[j] for j in selected)

    def is_feasible(self, selected):
        if len(set(selected)) != len(selected):
            return False
        return all(
            sum(row[j] for j in selected) <= capacity
            for row, capacity in zip(self.rows, self.capacities)
        )


def read_or_library(path):
    """All instances of an OR-Library file, plain or gzip."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt") as file:
        tokens = iter(file.read().split())
    instances = []
    for k in range(int(next(tokens))):
        n, m = int(next(tokens)), int(next(tokens))
        next(tokens)  # the published optimum
        profits = [int(next(tokens)) for _ in range(n)]
        rows = [[int(next(tokens)) for _ in range(n)] for _ in range(m)]
        capacities = [int(next(tokens)) for _ in range(m)]
        instances.append(Instance(f"{path.name.split('.')[0]}-{k:03d}", profits, rows, capacities))
    return instances


def generate_pruning_family(num_items, count=10):
    """Like the knapsacks of pruning: two rows, twelve weight vectors, many items of each."""
    instances = []
    for k in range(count):
        draw = random.Random(1000 * num_items + k)
        classes = [(draw.randint(1, 4), draw.randint(0, 3)) for _ in range(12)]
        items = [draw.choice(classes) for _ in range(num_items)]
        profits = [draw.randint(1, 1_000_000) for _ in range(num_items)]
        rows = [[item[i] for item in items] for i in range(2)]
        kept = draw.uniform(0.3, 0.7)
        capacities = [int(kept * sum(row)) for row in rows]
        instances.append(Instance(f"pruning{num_items}-{k:03d}", profits, rows, capacities))
    return instances


def write_or_library(instance, path):
    """The instance as an OR-Library file of one."""
    lines = ["1", f"{len(instance.profits)} {len(instance.rows)} 0"]
    for values in [instance.profits, *instance.rows, instance.capacities]:
        lines.append(" ".join(map(str, values)))
    Path(path).write_text("\n".join(lines) + "\n")


def write_lp(instance, path):
    """The instance in CPLEX LP format; variable j is x<j>, and all are named in order at first."""

    def expression(coefficients):
        terms = [f"{c} x{j}" for j, c in enumerate(coefficients)]
        groups = [" + ".join(terms[k : k + 10]) for k in range(0, len(terms), 10)]
        return "\n + ".join(groups)

    with open(path, "w") as file:
        file.write(f"Maximize\n obj: {expression(instance.profits)}\nSubject To\n")
        for i, row in enumerate(instance.rows):
            file.write(f" r{i}: {expression(row)} <= {instance.capacities[i]}\n")
        names = [f"x{j}" for j in range(len(instance.profits))]
        groups = [" ".join(names[k : k + 12]) for k in range(0, len(names), 12)]
        file.write("Binary\n " + "\n ".join(groups) + "\nEnd\n")
