import time

from . import Outcome


def version():
    from pyscipopt import Model

    model = Model()
    return f"{model.getMajorVersion()}.{model.getMinorVersion()}.{model.getTechVersion()}"


def supports(instance):
    return True  # sequential SCIP, whatever is asked for


def solve(instance, folder, threads, time_limit):
    from pyscipopt import Model

    model = Model()
    model.hideOutput()
    model.readProblem(f"{folder}/instance.lp")
    model.setParam("limits/gap", 0.0)
    model.setParam("limits/time", float(time_limit))
    model.setParam("timing/clocktype", 2)  # wall clock
    start = time.perf_counter()
    model.optimize()
    seconds = time.perf_counter() - start
    selected, objective = [], None
    if model.getNSols() > 0:
        best = model.getBestSol()
        objective = model.getObjVal()
        selected = [int(v.name[1:]) for v in model.getVars() if model.getSolVal(best, v) > 0.5]
    status = "optimal" if model.getStatus() == "optimal" else "limit"
    return Outcome(status, seconds, selected, objective)
