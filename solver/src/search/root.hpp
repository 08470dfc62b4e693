#pragma once

#include <cstdint>
#include <vector>

#include "lp/lp_model.hpp"
#include "search/search_context.hpp"

namespace espalier::solver {

/// What the relaxation says of the whole problem.
struct RootRelaxation {
  double bound = 0.0;  ///< rigorous
  std::int64_t integer_bound = 0;
  double num_chosen = 0.0;            ///< sum x of the relaxation's point
  std::vector<double> reduced_costs;  ///< per item; basic items have (almost) none
  std::vector<double> values;         ///< the point
  std::int64_t lp_iterations = 0;
};

/// Solves the relaxation of the core problem without the cardinality row.
RootRelaxation solve_root_relaxation(const CoreProblem& core);

/// The subproblem of the whole problem, or one for every number of chosen items k whose bound
/// reaches `threshold` (model.has_cardinality), in the order of falling bounds.
///
/// The bound is concave in k: the multiplier of sum x = k tells on which side it can still rise, so
/// the scan in either direction ends with a proof that no k further out is needed.
std::vector<RootSubproblem> split_by_cardinality(const LpModel& model, const RootRelaxation& root,
                                                 std::int64_t threshold);

}  // namespace espalier::solver
