#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "espalier/solver/classes.hpp"
#include "espalier/solver/options.hpp"
#include "espalier/solver/result.hpp"

namespace espalier::solver {

/// Bits of the sum of all scaled profits. The search over classes is exact in integers of any size,
/// so that it can have the finest unit that fits; the general search closes gaps of one unit with
/// relaxations in doubles, which have 53 bits.
inline constexpr int kFineProfitBits = 61;
inline constexpr int kSearchProfitBits = 40;

/// How real profits became integers: scaled = round(profit * 2^exponent).
///
/// The exponent is the largest with  total * 2^exponent <= 2^bits,  where `total` is the sum of the
/// profits' magnitudes, rounded up. Rounding moves each profit by at most half a unit 2^-exponent,
/// hence for n items
///   1. the magnitudes of all scaled profits sum to at most 2^bits + n/2: they fit in 62 bits;
///   2. for every set of items, |sum of scaled * 2^-exponent - sum of profits| <= error / 2;
///   3. a set that is optimal for the scaled profits is within `error` = n * 2^-exponent of the
///      real optimum (2. once for the set found, once for the real optimum).
/// Relative to the total that is at most n * 2^(1-bits): 10^-12 for 10^6 items at 61 bits, 2*10^-8
/// for 10^4 items at 40.
struct ProfitScale {
  int exponent = 0;
  double error = 0.0;

  /// A sum of scaled profits in the units of the profits; monotone.
  double in_real_units(std::int64_t sum) const noexcept;
};

struct ScaledProfits {
  std::vector<std::int64_t> scaled;
  ProfitScale scale;
};

/// Throws Error when a profit or the sum of magnitudes is not finite, or there are 2^31 items or
/// more. `bits` is from 1 to 61.
ScaledProfits scale_profits(std::span<const double> profits, int bits);

/// An ItemClass whose profits are real numbers.
struct RealItemClass {
  std::vector<std::int64_t> weights;
  std::vector<double> profits;
  std::int64_t min_kept = 0;
  std::vector<std::int32_t> always = {};
  std::vector<std::int32_t> never = {};
};

/// A classed problem in scaled integers, with the way back.
struct RealClassedProblem {
  ClassedProblem problem;
  ProfitScale scale;
};

/// Scales the profits of all classes by one exponent, at kFineProfitBits. Throws Error like
/// scale_profits() and the constructor of ClassedProblem.
RealClassedProblem scale_classes(std::span<const RealItemClass> classes,
                                 std::vector<std::int64_t> capacities);

/// Answer in the caller's units.
///
/// The chosen items are worth `objective` within scaling_error / 2. With the status kOptimal no
/// feasible choice is worth more than they are by more than scaling_error; with kFeasible none is
/// worth more than bound + scaling_error / 2. (in_real_units() itself rounds to a double.)
struct RealClassedResult {
  Status status = Status::kInfeasible;
  StopReason stop_reason = StopReason::kNone;
  double objective = 0.0;
  double bound = 0.0;
  double scaling_error = 0.0;
  /// Chosen items per class, ascending positions within the class; empty when infeasible.
  std::vector<std::vector<std::int32_t>> selected;
  /// To start the next solve with.
  ClassedStart next;
  ClassedStatistics statistics;
};

/// solve_classed() in the caller's units.
RealClassedResult solve_classed(const RealClassedProblem& problem, const SolveOptions& options = {},
                                const ClassedStart& start = {});

}  // namespace espalier::solver
