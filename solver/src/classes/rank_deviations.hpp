#pragma once

#include <span>
#include <vector>

#include "classes/class_curve.hpp"
#include "classes/class_lp.hpp"

namespace espalier::solver {

/// How far off a threshold may be that was found by samples: one standard deviation per class, in
/// ranks of its sample. `point` is the minimum of the dual over the samples, `moved` of each sample
/// the part that lies on its side of the threshold by chance.
///
/// At the right multipliers y the loads of the samples would miss the capacities by an error e of
/// covariance sum_c unit_c^2 size_c moved_c w_c w_c'. The LP makes up for it by y + H^-1 e, where
/// H = sum_c density_c w_c w_c' tells how fast the loads change with y (density: items per unit of
/// profit around the threshold). That moves the threshold of a class by w_c' H^-1 e.
std::vector<double> rank_deviations(std::span<const ClassCurve> samples, const LpPoint& point,
                                    std::span<const double> moved);

/// `moved` of samples that know nothing of the past: p (1 - p) where the part p is taken.
std::vector<double> independent_parts(std::span<const ClassCurve> samples,
                                      std::span<const double> multipliers);

}  // namespace espalier::solver
