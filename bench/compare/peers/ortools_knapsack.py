import time

from . import Outcome
from .cpsat import version


def supports(instance):
    return len(instance.rows) == 1  # it takes more rows, but is not made for them


def solve(instance, folder, threads, time_limit):
    from ortools.algorithms.python import knapsack_solver

    kind = knapsack_solver.SolverType.KNAPSACK_MULTIDIMENSION_BRANCH_AND_BOUND_SOLVER
    solver = knapsack_solver.KnapsackSolver(kind, "bench")
    solver.set_time_limit(float(time_limit))
    solver.init(instance.profits, instance.rows, instance.capacities)
    start = time.perf_counter()
    objective = solver.solve()
    seconds = time.perf_counter() - start
    selected = [j for j in range(len(instance.profits)) if solver.best_solution_contains(j)]
    status = "optimal" if solver.is_solution_optimal() else "limit"
    return Outcome(status, seconds, selected, objective)
