#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "espalier/solver/frontier.hpp"

#include "classes/class_lp.hpp"
#include "classes/open_classes.hpp"
#include "classes/sorted_classes.hpp"

namespace espalier::solver {

/// Solves under one vector of capacities after the other, each from the LP of the one before; where
/// the capacities go on in the same direction, the multipliers are expected to do so too.
class PointSeries {
 public:
  /// All of them must outlive the series.
  PointSeries(const ClassedProblem& problem, const OpenClasses& open, const SortedClasses& sorted);

  /// `seconds_gone` of the time limit are over.
  FrontierPoint next(std::span<const std::int64_t> capacities, const SolveOptions& options,
                     const std::function<double()>& seconds_gone);

 private:
  /// A point that was solved, for the extrapolation.
  struct Past {
    std::vector<std::int64_t> capacities;
    std::vector<double> multipliers;
  };

  std::vector<double> extrapolated(std::span<const std::int64_t> capacities) const;
  void remember(const FrontierPoint& point);

  const ClassedProblem& problem_;
  const SortedClasses& sorted_;
  OpenClasses open_;
  LpPoint last_;
  std::vector<std::size_t> last_open_;
  std::vector<Past> past_;  ///< at most two, the last one behind
};

}  // namespace espalier::solver
