#include <vector>

#include "presolve/reducible_problem.hpp"

namespace espalier::solver {
namespace {

bool never_fits(const ReducibleProblem& problem, int j, const std::vector<int>& rows) {
  for (const int i : rows) {
    if (problem.weight(i, j) > problem.capacity(i)) return true;
  }
  return false;
}

bool has_no_weight(const ReducibleProblem& problem, int j, const std::vector<int>& rows) {
  for (const int i : rows) {
    if (problem.weight(i, j) != 0) return false;
  }
  return true;
}

}  // namespace

bool fix_trivial_items(ReducibleProblem& problem) {
  bool changed = false;
  const auto rows = problem.open_rows();
  for (const int j : problem.open_items()) {
    // With all weights >= 0 an item that brings nothing is never needed.
    if (problem.profit(j) <= 0 || never_fits(problem, j, rows)) {
      problem.decide(j, false);
    } else if (has_no_weight(problem, j, rows)) {
      problem.decide(j, true);
    } else {
      continue;
    }
    changed = true;
  }
  return changed;
}

}  // namespace espalier::solver
