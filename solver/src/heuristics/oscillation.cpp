#include "heuristics/oscillation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace espalier::solver {
namespace {

/// Items that may move: this many, and this many more per row.
constexpr std::size_t kMovers = 60;
constexpr std::size_t kMoversPerRow = 3;
/// Noise on the worth of an item, as a part of the mean |reduced cost| of the movers.
constexpr double kNoise = 0.5;
/// Moves for which a dropped item stays out, and a taken one in; up to twice as many at random.
constexpr std::int64_t kStayOut = 4;
constexpr std::int64_t kStayIn = 2;
/// Most items dropped at once.
constexpr std::int64_t kMostDropped = 2;
/// Moves without an improvement after which the search returns to its best solution.
constexpr std::int64_t kPatience = 1500;

}  // namespace

Oscillation::Oscillation(const CoreProblem& core, std::span<const double> reduced_costs,
                         std::uint64_t seed)
    : core_(core),
      rows_(static_cast<std::size_t>(core.num_rows)),
      random_(seed),
      room_(core.capacities) {
  std::vector<std::int32_t> order(reduced_costs.size());
  std::iota(order.begin(), order.end(), 0);
  const std::size_t count = std::min(order.size(), kMovers + kMoversPerRow * rows_);
  const auto cost = [&](std::int32_t j) { return reduced_costs[static_cast<std::size_t>(j)]; };
  std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count) - 1,
                   order.end(), [&](std::int32_t a, std::int32_t b) {
                     const double left = std::abs(cost(a));
                     const double right = std::abs(cost(b));
                     return left < right || (left == right && a < b);
                   });
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::int32_t j = order[k];
    if (k < count) {
      movers_.push_back({.item = j, .worth = cost(j)});
      noise_ += kNoise * std::abs(cost(j)) / static_cast<double>(count);
      for (int i = 0; i < core.num_rows; ++i) weights_.push_back(core.weight(i, j));
    } else if (cost(j) > 0.0 && settle(j)) {
      settled_.push_back(j);
    }
  }
  best_taken_.assign(movers_.size(), 0);
}

/// Takes an item for good. Not where it does not fit: reduced costs are rounded, so that among
/// items of almost equal worth more may seem to be worth taking than fit.
bool Oscillation::settle(std::int32_t item) {
  for (std::size_t i = 0; i < rows_; ++i) {
    if (core_.weight(static_cast<int>(i), item) > room_[i]) return false;
  }
  for (std::size_t i = 0; i < rows_; ++i) room_[i] -= core_.weight(static_cast<int>(i), item);
  objective_ += core_.profits[static_cast<std::size_t>(item)];
  return true;
}

bool Oscillation::fits(std::size_t k) const {
  const std::int64_t* weights = weights_of(k);
  bool result = true;
  for (std::size_t i = 0; i < rows_; ++i) result &= weights[i] <= room_[i];
  return result;
}

void Oscillation::change(std::size_t k, bool take) {
  Mover& mover = movers_[k];
  const std::int64_t* weights = weights_of(k);
  const std::int64_t sign = take ? 1 : -1;
  for (std::size_t i = 0; i < rows_; ++i) room_[i] -= sign * weights[i];
  objective_ += sign * core_.profits[static_cast<std::size_t>(mover.item)];
  mover.is_taken = take;
  if (take) {
    mover.may_leave = move_ + kStayIn + random_.integer(0, kStayIn);
  } else {
    mover.may_enter = move_ + kStayOut + random_.integer(0, kStayOut);
  }
}

/// Drops the taken item that seems worth least.
bool Oscillation::drop_one() {
  std::size_t worst = movers_.size();
  double least = 0.0;
  for (std::size_t k = 0; k < movers_.size(); ++k) {
    const Mover& mover = movers_[k];
    if (!mover.is_taken || mover.may_leave > move_) continue;
    const double worth = mover.worth + noise_ * random_.uniform();
    if (worst == movers_.size() || worth < least) {
      worst = k;
      least = worth;
    }
  }
  if (worst == movers_.size()) return false;
  change(worst, false);
  return true;
}

/// Takes the item that seems worth most among those that fit.
bool Oscillation::fill_one() {
  std::size_t best = movers_.size();
  double most = 0.0;
  for (std::size_t k = 0; k < movers_.size(); ++k) {
    const Mover& mover = movers_[k];
    if (mover.is_taken || mover.may_enter > move_ || !fits(k)) continue;
    const double worth = mover.worth + noise_ * random_.uniform();
    if (best == movers_.size() || worth > most) {
      best = k;
      most = worth;
    }
  }
  if (best == movers_.size()) return false;
  change(best, true);
  return true;
}

void Oscillation::restart_from_best() {
  for (std::size_t k = 0; k < movers_.size(); ++k) {
    if (movers_[k].is_taken && best_taken_[k] == 0) change(k, false);
  }
  for (std::size_t k = 0; k < movers_.size(); ++k) {
    if (!movers_[k].is_taken && best_taken_[k] != 0) change(k, true);
    movers_[k].may_enter = movers_[k].may_leave = 0;
  }
  last_improvement_ = move_;
}

std::vector<std::int32_t> Oscillation::items() const {
  std::vector<std::int32_t> taken = settled_;
  for (const Mover& mover : movers_) {
    if (mover.is_taken) taken.push_back(mover.item);
  }
  return taken;
}

void Oscillation::run(std::int64_t moves, std::int64_t known, const Found& found) {
  const std::int64_t last = move_ + moves;
  for (; move_ < last; ++move_) {
    for (std::int64_t drops = random_.integer(1, kMostDropped); drops > 0 && drop_one();) --drops;
    while (fill_one()) {
    }
    if (objective_ > best_) {
      best_ = objective_;
      last_improvement_ = move_;
      for (std::size_t k = 0; k < movers_.size(); ++k) {
        best_taken_[k] = movers_[k].is_taken ? 1 : 0;
      }
      if (best_ > known) {
        known = best_;
        found(items());
      }
    }
    if (move_ - last_improvement_ > kPatience) restart_from_best();
  }
}

}  // namespace espalier::solver
