"""The solvers that are compared, one file each, all of one shape:

    version()                                     -> str
    supports(instance)                            -> whether the solver can be asked at all
    solve(instance, folder, threads, time_limit)  -> Outcome

`folder` holds the instance as instance.txt (OR-Library) and instance.lp. Every solver is asked for an
exact optimum (gap 0) with its own defaults otherwise. Programs are timed as processes, start and
reading of the file included; libraries are timed around their solve call, model building excluded.
"""

from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What a solver claims. `status` is "optimal", "limit" or "failed: why"; `claimed` its objective."""

    status: str
    seconds: float
    selected: list[int] = field(default_factory=list)
    claimed: float | None = None


NAMES = ["espalier", "cbc", "glpk", "highs", "cpsat", "scip", "ortools_knapsack"]
