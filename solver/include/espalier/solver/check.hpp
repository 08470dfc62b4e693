#pragma once

#include <string>
#include <vector>

#include "espalier/solver/instance_io.hpp"
#include "espalier/solver/result_io.hpp"

namespace espalier::solver {

/// Verdict of an independent recomputation.
struct CheckReport {
  bool feasible = false;              ///< the selection satisfies every row
  bool objective_agrees = false;      ///< and has the objective that the result claims
  bool bound_consistent = false;      ///< objective <= bound, and equal where optimality is claimed
  std::vector<std::string> problems;  ///< one sentence for everything wrong
  bool ok() const { return problems.empty(); }
};

/// Recomputes feasibility and objective of a claimed result in exact integer arithmetic.
/// Shares nothing with the solver but the reader.
CheckReport check_result(const Instance& instance, const ClaimedResult& claimed);

}  // namespace espalier::solver
