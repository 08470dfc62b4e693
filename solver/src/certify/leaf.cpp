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

LeafMaker::LeafMaker(const CoreProblem& core, Int128 target, std::optional<Cardinality> cardinality)
    : core_(core), target_(target), cardinality_(cardinality) {
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
  if (cardinality_) right_side -= Int128{cardinality_multiplier_} * cardinality_->count;
  Int128 most = 0;
  for (std::size_t j = 0; j < reduced_profits_.size(); ++j) {
    Int128 d = Int128{objective_multiplier} * core_.profits[j] - cardinality_multiplier_;
    for (std::size_t i = 0; i < rows; ++i) {
      d -= Int128{multipliers_[i]} * item_weights_[j * rows + i];
    }
    reduced_profits_[j] = d;
    if (d > 0) most += d;
  }
  for (const Decision decision : path.all()) {
    if (decision.item < core_.num_items) most -= loss_without(decision);
  }
  excess_ = right_side - most - 1;
  return excess_ >= 0;
}

/// How much larger the left side can become when a decision is forgotten. Without its threshold the
/// constraint on the number of items holds for any number.
Int128 LeafMaker::loss_without(Decision decision) const {
  if (decision.item >= core_.num_items) {
    const Int128 multiplier = cardinality_multiplier_;
    return decision.value == 1
               ? std::max(-multiplier, Int128{0}) * cardinality_->count
               : std::max(multiplier, Int128{0}) * (core_.num_items - cardinality_->count);
  }
  const Int128 d = reduced_profits_[static_cast<std::size_t>(decision.item)];
  return decision.value == 1 ? std::max(-d, Int128{0}) : std::max(d, Int128{0});
}

/// The leaf of the last contradiction, with as few branchings in its clause as it allows.
Leaf LeafMaker::finish(std::int64_t objective_multiplier, const DecisionPath& path) {
  Leaf leaf{objective_multiplier,
            multipliers_,
            cardinality_multiplier_,
            cardinality_ ? cardinality_->count : 0,
            {}};
  for (std::size_t g = path.num_groups(); g-- > 0;) {
    Int128 loss = 0;
    for (const Decision decision : path.group(g)) loss += loss_without(decision);
    if (loss <= excess_) {
      excess_ -= loss;
    } else {
      leaf.clause.push_back(path.group(g).front());
    }
  }
  std::sort(leaf.clause.begin(), leaf.clause.end(),
            [](Decision a, Decision b) { return a.item < b.item; });
  return leaf;
}

std::optional<Leaf> LeafMaker::make(std::span<const double> duals, const DecisionPath& path) {
  double largest = 0x1p-1000;
  for (const double y : duals) {
    if (!std::isfinite(y)) return std::nullopt;
    largest = std::max(largest, std::abs(y));
  }
  const std::size_t rows = multipliers_.size();
  int bits = kMostBits;
  for (std::size_t count = duals.size(); count > 64; count /= 2) --bits;
  const auto attempt = [&](std::int64_t objective_multiplier, int shift) {
    for (std::size_t i = 0; i < rows; ++i) {
      multipliers_[i] = std::llround(std::ldexp(std::max(duals[i], 0.0), shift));
    }
    if (cardinality_) {
      cardinality_multiplier_ = std::llround(std::ldexp(duals[rows], shift));
      // Only the sides that have a threshold are constraints of the proof.
      if (cardinality_->reached < 0) {
        cardinality_multiplier_ = std::max<std::int64_t>(cardinality_multiplier_, 0);
      }
      if (cardinality_->missed < 0) {
        cardinality_multiplier_ = std::min<std::int64_t>(cardinality_multiplier_, 0);
      }
    }
    return is_contradiction(objective_multiplier, path);
  };
  const int most_shift = std::min(kMostShift, bits - std::ilogb(largest));
  // What was fine for the last leaf mostly is for this one.
  for (int shift = std::max(last_shift_ - kShiftStep, 0); shift <= most_shift;
       shift += kShiftStep) {
    if (!attempt(std::int64_t{1} << shift, shift)) continue;
    last_shift_ = shift;
    return finish(std::int64_t{1} << shift, path);
  }
  for (const int precision : {kRayBits, bits}) {
    if (attempt(0, precision - std::ilogb(largest))) {
      return finish(0, path);
    }
  }
  return std::nullopt;
}

std::optional<Leaf> LeafMaker::make_for_point(const DecisionPath& path) {
  std::fill(multipliers_.begin(), multipliers_.end(), 0);
  cardinality_multiplier_ = 0;
  if (is_contradiction(1, path)) return finish(1, path);
  for (std::int64_t& multiplier : multipliers_) {
    multiplier = 1;
    if (is_contradiction(0, path)) return finish(0, path);
    multiplier = 0;
  }
  if (!cardinality_) return std::nullopt;
  cardinality_multiplier_ = 1;
  if (cardinality_->missed >= 0 && is_contradiction(0, path)) return finish(0, path);
  cardinality_multiplier_ = -1;
  if (cardinality_->reached >= 0 && is_contradiction(0, path)) return finish(0, path);
  return std::nullopt;
}

}  // namespace espalier::solver
