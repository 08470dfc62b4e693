import time

from . import Outcome


def version():
    import ortools

    return ortools.__version__


def supports(instance):
    return True


def solve(instance, folder, threads, time_limit):
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    items = [model.new_bool_var(f"x{j}") for j in range(len(instance.profits))]
    for row, capacity in zip(instance.rows, instance.capacities):
        model.add(cp_model.LinearExpr.weighted_sum(items, row) <= capacity)
    model.maximize(cp_model.LinearExpr.weighted_sum(items, instance.profits))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = threads
    solver.parameters.max_time_in_seconds = time_limit
    solver.parameters.relative_gap_limit = 0.0
    start = time.perf_counter()
    status = solver.solve(model)
    seconds = time.perf_counter() - start
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Outcome("limit", seconds)
    selected = [j for j, item in enumerate(items) if solver.value(item)]
    claim = "optimal" if status == cp_model.OPTIMAL else "limit"
    return Outcome(claim, seconds, selected, solver.objective_value)
