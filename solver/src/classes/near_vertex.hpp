#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "classes/class_curve.hpp"
#include "classes/class_lp.hpp"

namespace espalier::solver {

/// A vertex of the dual next to the given multipliers. From them it goes to the nearest item of any
/// class, from there, keeping the class's threshold at that item, to the next nearest, until no
/// direction is left; slacks support the rows whose multiplier is 0. The origin where the classes
/// do not determine the other rows, or `multipliers` is empty. `taken` as in LpPoint.
LpPoint vertex_near(std::span<const ClassCurve> curves, std::span<const double> multipliers,
                    std::size_t num_rows, std::vector<std::size_t> taken = {});

/// Multipliers at which the items worth their weights come nearer to the capacities in all rows of
/// positive multiplier: a step of Newton's method on the dual, whose second derivative is
/// sum_c density_c w_c w_c' (density: items per unit of profit around the threshold). The same
/// multipliers where that is singular or would halve or double one of them. `taken` as in LpPoint.
std::vector<double> newton_step(std::span<const ClassCurve> curves,
                                std::span<const std::int64_t> capacities,
                                std::vector<double> multipliers, std::vector<std::size_t>& taken);

}  // namespace espalier::solver
