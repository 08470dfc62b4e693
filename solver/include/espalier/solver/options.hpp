#pragma once

#include <cstdint>
#include <limits>
#include <stop_token>
#include <vector>

namespace espalier::solver {

inline constexpr double kNoTimeLimit = std::numeric_limits<double>::infinity();
inline constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

/// Settings of one solve, made to be written with designated initialisers:
/// `solve(problem, {.threads = 2, .time_limit_seconds = 10})`.
struct SolveOptions {
  // --- resources and limits: a stopped solve returns its best solution and a valid bound ---

  /// Worker threads, at least 1. Never more than asked for, nor than processors that the process
  /// may use: more would only take turns.
  int threads = 1;
  /// Wall-clock limit. Checked every few hundred nodes.
  double time_limit_seconds = kNoTimeLimit;
  /// Limit on the branch-and-bound nodes of all threads together (overshoot: some hundred nodes per
  /// thread).
  std::int64_t node_limit = kNoLimit;
  /// Limit on the memory of the search tree and the dynamic programs, in MiB.
  std::int64_t memory_limit_mib = kNoLimit;
  /// Cancels the solve from any thread; the best solution so far is returned.
  std::stop_token stop = {};

  // --- what counts as solved ---

  /// Stop when bound - objective <= absolute_gap. 0 asks for a proof of optimality.
  std::int64_t absolute_gap = 0;
  /// Stop when bound - objective <= relative_gap * |objective|.
  double relative_gap = 0.0;

  // --- what the search does with them ---

  /// The same selection, objective and node count for any number of threads, at some cost in speed.
  bool deterministic = false;
  /// Seed of the local search for good solutions.
  std::uint64_t seed = 1;
  /// Starting solution: distinct 0-based items. Must be feasible, or solve() throws.
  std::vector<std::int32_t> start = {};

  // --- techniques: on by default, off for experiments and tests; none changes the optimum ---

  /// Reductions before the search, undone exactly in the result.
  bool presolve = true;
  /// Cover cuts at the root.
  bool cuts = true;
  /// Search for good solutions before the tree search.
  bool heuristics = true;
  /// Fix items whose reduced cost exceeds the gap, at every node.
  bool reduced_cost_fixing = true;
  /// One subproblem for every possible number of chosen items.
  bool cardinality_split = true;
  /// Look for solutions close to the bound first, and lower the sights step by step.
  bool optimistic_targets = true;
  /// The dynamic program for problems of one row.
  bool one_row_engine = true;
  /// Treat items of equal weight vector as one class with a count, where there are many of them.
  bool item_classes = true;
};

}  // namespace espalier::solver
