#pragma once

#include <cstdint>
#include <vector>

#include "espalier/solver/frontier_io.hpp"

namespace espalier::solver::io {

/// What the chosen items of a point weigh in every row; empty for an infeasible point.
std::vector<std::int64_t> used_by(const FrontierReport& report, const FrontierPoint& point);

}  // namespace espalier::solver::io
