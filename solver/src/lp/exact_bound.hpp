#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "espalier/support/exact.hpp"

#include "lp/lp_model.hpp"
#include "lp/lp_state.hpp"

namespace espalier::solver {

// Bounds that hold in exact arithmetic.
//
// For any multipliers y the dual function of lp_state.hpp bounds every solution from above, so the
// simplex method may be as inexact as it likes: what counts is that the value of the dual function
// *at the y it ends with* is computed without error, or with an error that is bounded and added.
// The idea is that of Neumaier and Shcherbina (2004), specialised to boxed variables.

/// Largest integer not above a bound; values beyond 64 bits give the nearest end, NaN the upper
/// one, so that what bounds from above still does.
std::int64_t floor_to_int64(double value) noexcept;

/// Bound on the rounding error of the dual function when it is evaluated in doubles.
///
/// Every number in the frame is an exact double (LpModel::is_exact_in_double). A sum of products of
/// N terms in any order, fused or not, has an error of at most N u / (1 - N u) times the sum of the
/// magnitudes (Higham 2002, section 3.1), and N is at most items + 2 rows + 4 here.
double dual_function_margin(const LpModel& model, const LpWork& work);

/// The dual function in 128-bit integers, for problems whose numbers are too large for doubles.
class IntegerDualFunction {
 public:
  explicit IntegerDualFunction(const LpModel& model) : model_(model) {}

  /// Evaluates at the multipliers of `work`, rounded to multiples of a power of two and made
  /// non-negative. `taken` are the items fixed at 1; `cardinality` the right side of sum x = k
  /// before them. Returns the largest objective that the bound allows.
  std::int64_t evaluate(const LpWork& work, std::span<const std::int32_t> taken,
                        std::int64_t cardinality);

  /// Free nonbasic columns of the last evaluation whose flip brings the bound below `threshold`.
  int collect_fixable(const LpWork& work, std::int64_t threshold, std::int32_t* columns) const;

 private:
  const LpModel& model_;
  std::vector<Int128> reduced_costs_;  ///< per column, times 2^shift_
  std::vector<std::int64_t> multipliers_;
  Int128 total_ = 0;  ///< value of the dual function, times 2^shift_
  int shift_ = 0;
};

}  // namespace espalier::solver
