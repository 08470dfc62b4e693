#include "lp/exact_bound.hpp"

#include <algorithm>
#include <cmath>

#include "espalier/support/check.hpp"

namespace espalier::solver {

std::int64_t floor_to_int64(double value) noexcept {
  if (!(value < 0x1p63)) return kInt64Max;
  if (value < -0x1p63) return kInt64Min;
  return static_cast<std::int64_t>(std::floor(value));
}

double dual_function_margin(const LpModel& model, const LpWork& work) {
  double magnitude = 2.0 * model.cost_magnitude;
  for (int i = 0; i < work.rows; ++i) {
    const double y = std::abs(work.dual[i]);
    magnitude += y * 2.0 * model.row_magnitudes[static_cast<std::size_t>(i)];
    if (work.dual[i] < 0.0) magnitude += y * work.slack_range[i];
  }
  const double terms = static_cast<double>(model.core.num_items + 2 * work.rows + 8);
  return 1.25 * terms * 0x1p-53 * magnitude;
}

std::int64_t IntegerDualFunction::evaluate(const LpWork& work, std::span<const std::int32_t> taken,
                                           std::int64_t cardinality) {
  const CoreProblem& core = model_.core;
  // Multipliers of the unscaled rows, in units of 2^-shift, up to 2^57: with capacities and row
  // sums below 2^63 every product stays below 2^120 and 64 of them below 2^126; the multipliers
  // shrink when more rows than that add up.
  double largest = 1.0;
  for (int i = 0; i < work.rows; ++i) {
    largest = std::max(largest, std::ldexp(std::abs(work.dual[i]),
                                           -model_.exponents[static_cast<std::size_t>(i)]));
  }
  int bits = 56;
  for (int rows = work.rows; rows > 64; rows /= 2) --bits;
  shift_ = std::clamp(bits - std::ilogb(largest), 0, 60);

  multipliers_.assign(static_cast<std::size_t>(work.rows), 0);
  total_ = 0;
  for (int i = 0; i < work.rows; ++i) {
    const auto row = static_cast<std::size_t>(i);
    const bool is_cardinality = model_.has_cardinality && i == work.rows - 1;
    double y = std::ldexp(work.dual[i], shift_ - model_.exponents[row]);
    if (!is_cardinality || std::isnan(y)) y = std::max(0.0, y);  // 0 for NaN
    y = std::clamp(y, -std::ldexp(1.0, bits + 1), std::ldexp(1.0, bits + 1));
    const auto multiplier = static_cast<std::int64_t>(std::llround(y));
    multipliers_[row] = multiplier;
    std::int64_t left = is_cardinality ? cardinality : core.capacities[row];
    for (const auto j : taken) left -= is_cardinality ? 1 : core.weight(i, j);
    total_ += Int128{multiplier} * left;
  }
  total_ += Int128{core.profit_of(taken)} << shift_;

  reduced_costs_.assign(static_cast<std::size_t>(work.frame.num_columns), 0);
  for (int column = 0; column < work.frame.num_columns; ++column) {
    if (work.sign[column] == 0.0) continue;
    const std::int32_t item = work.frame.item[column];
    Int128 d = Int128{core.profits[static_cast<std::size_t>(item)]} << shift_;
    for (int i = 0; i < core.num_rows; ++i) {
      d -= Int128{multipliers_[static_cast<std::size_t>(i)]} * core.weight(i, item);
    }
    if (model_.has_cardinality) d -= multipliers_.back();
    reduced_costs_[static_cast<std::size_t>(column)] = d;
    if (d > 0) total_ += d;
  }
  const Int128 bound = total_ >> shift_;  // arithmetic shift: rounds down
  return static_cast<std::int64_t>(
      std::clamp(bound, Int128{kInt64Min}, Int128{model_.total_profit}));
}

int IntegerDualFunction::collect_fixable(const LpWork& work, std::int64_t threshold,
                                         std::int32_t* columns) const {
  const Int128 gap = total_ - (Int128{threshold} << shift_);
  int count = 0;
  for (int column = 0; column < work.frame.num_columns; ++column) {
    const double sign = work.sign[column];
    if (sign != 1.0 && sign != -1.0) continue;
    const Int128 d = reduced_costs_[static_cast<std::size_t>(column)];
    // The sign must agree with the bound that the column sits at, or it would be fixed wrongly.
    if ((sign > 0.0 && d > gap) || (sign < 0.0 && -d > gap)) columns[count++] = column;
  }
  return count;
}

}  // namespace espalier::solver
