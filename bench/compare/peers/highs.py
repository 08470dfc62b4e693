import time

from . import Outcome


def version():
    import highspy

    return highspy.Highs().version()


def supports(instance):
    return True


def solve(instance, folder, threads, time_limit):
    import highspy

    highs = highspy.Highs()
    highs.silent()
    highs.readModel(f"{folder}/instance.lp")
    highs.setOptionValue("threads", threads)
    highs.setOptionValue("time_limit", float(time_limit))
    highs.setOptionValue("mip_rel_gap", 0.0)
    # Objectives are integers: a gap below 1 is a proof, and spares HiGHS the last fraction.
    highs.setOptionValue("mip_abs_gap", 0.999)
    start = time.perf_counter()
    highs.run()
    seconds = time.perf_counter() - start
    values = highs.getSolution().col_value
    names = [highs.getColName(j)[1] for j in range(highs.getNumCol())]
    selected = [int(name[1:]) for name, value in zip(names, values) if value > 0.5]
    is_optimal = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return Outcome("optimal" if is_optimal else "limit", seconds, selected, highs.getObjectiveValue())
