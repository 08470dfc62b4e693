#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "classes/class_curve.hpp"
#include "classes/class_lp.hpp"
#include "classes/deviations.hpp"

namespace espalier::solver {

/// What the search over counts has to know; the spans must outlive it.
struct CountSearchInput {
  std::span<const ClassCurve> curves;  ///< of unit 1
  std::span<const std::int64_t> capacities;
  const LpPoint* point = nullptr;
  std::int64_t max_profit = 0;
  /// Power of two that divides all profits, 0 when all are 0.
  std::int64_t profit_unit = 1;
  /// Count vectors looked at before giving up.
  std::int64_t vector_limit = 0;
  /// Of these so many, at each limit of the loss, one by one before halves of the classes are
  /// joined.
  std::int64_t single_vectors = 512;
  /// Asked now and then; true ends the search.
  std::function<bool()> is_stopped;
};

enum class CountOutcome {
  kOptimal,          ///< the counts are proven optimal
  kWindowsTooSmall,  ///< some classes need wider windows, see `too_small`
  kGaveUp,           ///< limit of vectors, or numbers out of range
  kStopped,
};

struct CountSearchResult {
  CountOutcome outcome = CountOutcome::kGaveUp;
  /// Best counts known, one per curve; empty when none are.
  std::vector<std::int64_t> counts;
  /// No solution exceeds that of `counts` by more than this; 0 when optimal.
  std::int64_t possible_gain = 0;
  /// In units of 2^-shift of profit: the loss of `counts` against the bound at the multipliers.
  std::int64_t loss = kHugeLoss;
  int shift = 0;
  std::vector<std::size_t> too_small;
  std::int64_t vectors = 0;
};

/// Finds counts of greatest total profit, one count per class.
///
/// At multipliers y >= 0 every selection has the profit U(y) minus a loss, which adds up the
/// reduced costs of its deviations from the LP's counts and y times its slacks. So the search
/// minimises the loss: it goes through all combinations of deviations that cost at most L together,
/// in the order of their price, and for the classes that support y takes the deviations that the
/// capacities leave (BasisTube); where these combinations are many, it joins those of two halves of
/// the classes (MoveHalves). L starts small and grows until a solution turns up; what was looked
/// through by then proves it optimal. All losses are integers and exact.
CountSearchResult search_counts(const CountSearchInput& input);

}  // namespace espalier::solver
