#include "certify/leaf.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::solver {
namespace {

/// The objective row counts 2^shift times; the digits of a proof grow with it.
constexpr int kMostShift = 56;
constexpr int kShiftStep = 3;
/// Multipliers stay below 2^57 and capacities below 2^63, so that 64 rows add up to less than
/// 2^126.
constexpr int kMostBits = 56;
/// Precision of the multipliers when the rows alone are contradictory.
constexpr int kRayBits = 20;

}  // namespace

LeafMaker::LeafMaker(const CoreProblem& core, Int128 target) : core_(core), target_(target) {
  for (int j = 0; j < core.num_items; ++j) {
    for (int i = 0; i < core.num_rows; ++i) item_weights_.push_back(core.weight(i, j));
  }
  multipliers_.assign(static_cast<std::size_t>(core.num_rows), 0);
  reduced_profits_.resize(static_cast<std::size_t>(core.num_items));
}

bool LeafMaker::is_contradiction(std::int64_t objective_multiplier, const DecisionPath& path) {
  const std::size_t rows = multipliers_.size();
  Int128 right_side = objective_multiplier * target_;
  for (std::size_t i = 0; i < rows; ++i) {
    right_side -= Int128{multipliers_[i]} * core_.capacities[i];
  }
  Int128 most = 0;
  for (std::size_t j = 0; j < reduced_profits_.size(); ++j) {
    Int128 d = Int128{objective_multiplier} * core_.profits[j];
    for (std::size_t i = 0; i < rows; ++i) {
      d -= Int128{multipliers_[i]} * item_weights_[j * rows + i];
    }
    reduced_profits_[j] = d;
    if (d > 0) most += d;
  }
  for (const Decision decision : path.all()) {
    const Int128 d = reduced_profits_[static_cast<std::size_t>(decision.item)];
    most -= decision.value == 1 ? std::max(-d, Int128{0}) : std::max(d, Int128{0});
  }
  excess_ = right_side - most - 1;
  return excess_ >= 0;
}

Clause LeafMaker::choose_clause(const DecisionPath& path) {
  Clause clause;
  for (std::size_t g = path.num_groups(); g-- > 0;) {
    Int128 loss = 0;
    for (const Decision decision : path.group(g)) {
      const Int128 d = reduced_profits_[static_cast<std::size_t>(decision.item)];
      loss += decision.value == 1 ? std::max(-d, Int128{0}) : std::max(d, Int128{0});
    }
    if (loss <= excess_) {
      excess_ -= loss;
    } else {
      clause.push_back(path.group(g).front());
    }
  }
  std::sort(clause.begin(), clause.end(), [](Decision a, Decision b) { return a.item < b.item; });
  return clause;
}

std::optional<Leaf> LeafMaker::make(std::span<const double> duals, const DecisionPath& path) {
  double largest = 0x1p-1000;
  for (const double y : duals) {
    if (!std::isfinite(y)) return std::nullopt;
    largest = std::max(largest, y);
  }
  int bits = kMostBits;
  for (std::size_t rows = duals.size(); rows > 64; rows /= 2) --bits;
  const auto attempt = [&](std::int64_t objective_multiplier, int shift) {
    for (std::size_t i = 0; i < duals.size(); ++i) {
      multipliers_[i] = std::llround(std::ldexp(std::max(duals[i], 0.0), shift));
    }
    return is_contradiction(objective_multiplier, path);
  };
  const int most_shift = std::min(kMostShift, bits - std::ilogb(largest));
  // What was fine for the last leaf mostly is for this one.
  for (int shift = std::max(last_shift_ - kShiftStep, 0); shift <= most_shift;
       shift += kShiftStep) {
    if (!attempt(std::int64_t{1} << shift, shift)) continue;
    last_shift_ = shift;
    return Leaf{std::int64_t{1} << shift, multipliers_, choose_clause(path)};
  }
  for (const int precision : {kRayBits, bits}) {
    if (attempt(0, precision - std::ilogb(largest))) {
      return Leaf{0, multipliers_, choose_clause(path)};
    }
  }
  return std::nullopt;
}

std::optional<Leaf> LeafMaker::make_for_point(const DecisionPath& path) {
  std::fill(multipliers_.begin(), multipliers_.end(), 0);
  for (std::int64_t& multiplier : multipliers_) {
    multiplier = 1;
    if (is_contradiction(0, path)) return Leaf{0, multipliers_, choose_clause(path)};
    multiplier = 0;
  }
  if (!is_contradiction(1, path)) return std::nullopt;
  return Leaf{1, multipliers_, choose_clause(path)};
}

}  // namespace espalier::solver
