#include "certify/leaf.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::solver {
namespace {

/// The objective row counts 2^shift times; the digits of a proof grow with it.
constexpr int kMostShift = 56;
constexpr int kShiftStep = 3;
/// Precision of the multipliers when the rows alone are contradictory.
constexpr int kRayBits = 20;

/// Of the largest multiplier; nothing when one is no number.
std::optional<int> largest_exponent(std::span<const double> duals) {
  double largest = 0x1p-1000;
  for (const double y : duals) {
    if (!std::isfinite(y)) return std::nullopt;
    largest = std::max(largest, std::abs(y));
  }
  return std::ilogb(largest);
}

}  // namespace

LeafMaker::LeafMaker(const CoreProblem& core, Int128 target, std::optional<Cardinality> cardinality)
    : core_(core), target_(target), cardinality_(cardinality) {
  for (int j = 0; j < core.num_items; ++j) {
    for (int i = 0; i < core.num_rows; ++i) item_weights_.push_back(core.weight(i, j));
  }
  multipliers_.rows.assign(static_cast<std::size_t>(core.num_rows), 0);
  if (cardinality_) multipliers_.count = cardinality_->count;
  reduced_profits_.resize(static_cast<std::size_t>(core.num_items));
  for (int rows = core.num_rows + (cardinality ? 1 : 0); rows > 64; rows /= 2) --bits_;
}

/// Multipliers in units of 2^-shift.
void LeafMaker::round(std::span<const double> duals, int shift) {
  const std::size_t rows = multipliers_.rows.size();
  for (std::size_t i = 0; i < rows; ++i) {
    multipliers_.rows[i] = std::llround(std::ldexp(std::max(duals[i], 0.0), shift));
  }
  if (!cardinality_) return;
  std::int64_t& multiplier = multipliers_.cardinality;
  multiplier = std::llround(std::ldexp(duals[rows], shift));
  // Only the sides that have a threshold are constraints of the proof.
  if (cardinality_->reached < 0) multiplier = std::max<std::int64_t>(multiplier, 0);
  if (cardinality_->missed < 0) multiplier = std::min<std::int64_t>(multiplier, 0);
}

bool LeafMaker::is_contradiction(std::int64_t objective_multiplier, const DecisionPath& path) {
  multipliers_.objective = objective_multiplier;
  const std::size_t rows = multipliers_.rows.size();
  Int128 right_side = objective_multiplier * target_;
  for (std::size_t i = 0; i < rows; ++i) {
    right_side -= Int128{multipliers_.rows[i]} * core_.capacities[i];
  }
  right_side -= Int128{multipliers_.cardinality} * multipliers_.count;
  Int128 most = 0;
  for (std::size_t j = 0; j < reduced_profits_.size(); ++j) {
    Int128 d = Int128{objective_multiplier} * core_.profits[j] - multipliers_.cardinality;
    for (std::size_t i = 0; i < rows; ++i) {
      d -= Int128{multipliers_.rows[i]} * item_weights_[j * rows + i];
    }
    reduced_profits_[j] = d;
    if (d > 0) most += d;
  }
  const Part part{&multipliers_, reduced_profits_};
  for (const Decision decision : path.all()) {
    if (decision.item < core_.num_items) most -= loss_without(decision, part);
  }
  excess_ = right_side - most - 1;
  return excess_ >= 0;
}

/// How much larger the left side can become when a decision is forgotten. Without its threshold the
/// constraint on the number of items holds for any number.
Int128 LeafMaker::loss_without(Decision decision, const Part& part) const {
  if (decision.item >= core_.num_items) {
    const Int128 multiplier = part.multipliers->cardinality;
    const std::int64_t count = part.multipliers->count;
    return decision.value == 1 ? std::max(-multiplier, Int128{0}) * count
                               : std::max(multiplier, Int128{0}) * (core_.num_items - count);
  }
  const Int128 d = part.reduced_profits[static_cast<std::size_t>(decision.item)];
  return decision.value == 1 ? std::max(-d, Int128{0}) : std::max(d, Int128{0});
}

/// Forgets some decisions if every part of the clause can do without them.
bool LeafMaker::spend(std::span<const Decision> decisions) {
  const auto loss = [&](const Part& part) {
    Int128 total = 0;
    for (const Decision decision : decisions) total += loss_without(decision, part);
    return total;
  };
  for (const Part& part : parts_) {
    if (loss(part) > part.excess) return false;
  }
  for (Part& part : parts_) part.excess -= loss(part);
  return true;
}

/// Makes a bound a part of the clause if decisions that it implies cannot be forgotten.
void LeafMaker::imply(std::span<const Decision> decisions, Bound& bound) {
  std::optional<Int128> least;  // of the reduced profits that have to exceed the slack
  for (const Decision& decision : decisions) {
    if (spend(std::span(&decision, 1))) continue;
    const Int128 d = bound.reduced_profits[static_cast<std::size_t>(decision.item)];
    least = std::min(least.value_or(d < 0 ? -d : d), d < 0 ? -d : d);
  }
  if (!least) return;
  bound.is_used = true;
  parts_.push_back({&bound.multipliers, bound.reduced_profits, *least - bound.slack - 1});
}

/// The leaf of the last contradiction, with as few branchings in its clause as it allows.
Leaf LeafMaker::finish(const DecisionPath& path) {
  Leaf leaf{multipliers_, false, {}};
  parts_.assign(1, {&multipliers_, reduced_profits_, excess_});
  Int128 loss_without_orders = 0;
  for (std::size_t g = path.num_groups(); g-- > 0;) {
    const auto group = path.group(g);
    if (const int bound = path.bound_of(g); bound >= 0) {
      imply(group, bounds_[static_cast<std::size_t>(bound)]);
    } else if (!spend(group)) {
      leaf.clause.push_back(group.front());
      for (const Decision decision : group.subspan(1)) {
        loss_without_orders += loss_without(decision, parts_.front());
      }
    }
  }
  leaf.needs_orders = loss_without_orders > parts_.front().excess;
  std::sort(leaf.clause.begin(), leaf.clause.end(),
            [](Decision a, Decision b) { return a.item < b.item; });
  return leaf;
}

std::optional<Leaf> LeafMaker::make(std::span<const double> duals, const DecisionPath& path) {
  const auto exponent = largest_exponent(duals);
  if (!exponent) return std::nullopt;
  const auto attempt = [&](std::int64_t objective_multiplier, int shift) {
    round(duals, shift);
    return is_contradiction(objective_multiplier, path);
  };
  const int most_shift = std::min(kMostShift, bits_ - *exponent);
  // What was fine for the last leaf mostly is for this one.
  for (int shift = std::max(last_shift_ - kShiftStep, 0); shift <= most_shift;
       shift += kShiftStep) {
    if (!attempt(std::int64_t{1} << shift, shift)) continue;
    last_shift_ = shift;
    return finish(path);
  }
  for (const int precision : {kRayBits, bits_}) {
    if (attempt(0, precision - *exponent)) return finish(path);
  }
  return std::nullopt;
}

std::optional<Leaf> LeafMaker::make_for_point(const DecisionPath& path) {
  std::fill(multipliers_.rows.begin(), multipliers_.rows.end(), 0);
  multipliers_.cardinality = 0;
  if (is_contradiction(1, path)) return finish(path);
  for (std::int64_t& multiplier : multipliers_.rows) {
    multiplier = 1;
    if (is_contradiction(0, path)) return finish(path);
    multiplier = 0;
  }
  if (!cardinality_) return std::nullopt;
  multipliers_.cardinality = 1;
  if (cardinality_->missed >= 0 && is_contradiction(0, path)) return finish(path);
  multipliers_.cardinality = -1;
  if (cardinality_->reached >= 0 && is_contradiction(0, path)) return finish(path);
  return std::nullopt;
}

const LeafMaker::Bound* LeafMaker::push_bound(std::span<const double> duals,
                                              const DecisionPath& path) {
  const auto exponent = largest_exponent(duals);
  if (!exponent || last_shift_ > bits_ - *exponent) return nullptr;
  round(duals, last_shift_);
  if (is_contradiction(std::int64_t{1} << last_shift_, path)) return nullptr;
  if (num_bounds_ == bounds_.size()) bounds_.emplace_back();
  Bound& bound = bounds_[num_bounds_++];
  bound.multipliers = multipliers_;
  bound.reduced_profits = reduced_profits_;
  bound.slack = -1 - excess_;
  bound.is_used = false;
  return &bound;
}

}  // namespace espalier::solver
