#include "heuristics/tabu_search.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

namespace espalier::solver {
namespace {

/// Items that move: a number in this range, drawn at every start.
constexpr std::size_t kFewestMovers = 30;
constexpr std::size_t kMostMovers = 80;
/// Noise on the reduced cost when a start is rounded, in means of |reduced cost|: the sum of three
/// uniform numbers on either side of zero, of at most this each.
constexpr double kNoise = 0.3;
/// What it costs to miss the target, against rows.
constexpr double kTargetWeight = 100.0;
/// Moves without a new solution after which the search starts again.
constexpr std::int64_t kPatience = 3000;
/// Bits of the tabu list: some hundred moves find a false one.
constexpr int kSeenBits = 18;
/// Sum of violations that no selection has, for what fills up the last block.
constexpr float kNever = 1e30F;
constexpr float kMost = 1e29F;
/// Nanoseconds for a row of a block, for a block and for a move.
constexpr double kRowEffort = 0.6;
constexpr double kBlockEffort = 3.0;
constexpr double kMoveEffort = 200.0;

}  // namespace

TabuSearch::TabuSearch(const CoreProblem& core, std::span<const double> reduced_costs,
                       std::uint64_t seed)
    : core_(core),
      rows_(static_cast<std::size_t>(core.num_rows) + 1),
      random_(seed),
      scaled_excess_(rows_),
      after_leaving_(rows_),
      sums_(make_aligned<float>(kSwapLanes)),
      seen_((std::size_t{1} << kSeenBits) / 64) {
  choose_movers(reduced_costs);
  const std::size_t columns = round_up(movers_.size() + 1, kSwapLanes);
  blocks_ = make_aligned<float>(columns * rows_);
}

void TabuSearch::choose_movers(std::span<const double> reduced_costs) {
  const auto cost = [&](std::int32_t j) { return reduced_costs[static_cast<std::size_t>(j)]; };
  std::vector<std::int32_t> order(reduced_costs.size());
  std::iota(order.begin(), order.end(), 0);
  const std::size_t count = std::min(order.size(), kMostMovers);
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::int32_t a, std::int32_t b) {
                      const double left = std::abs(cost(a));
                      const double right = std::abs(cost(b));
                      return left < right || (left == right && a < b);
                    });
  base_excess_.resize(rows_, 0);
  for (std::size_t i = 0; i + 1 < rows_; ++i) base_excess_[i] = -core_.capacities[i];
  units_.resize(rows_, 0.0);
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::int32_t item = order[k];
    const std::int64_t profit = core_.profits[static_cast<std::size_t>(item)];
    if (k < count) {
      movers_.push_back(item);
      worths_.push_back(cost(item));
      hashes_.push_back(random_.bits());
      for (int i = 0; i < core_.num_rows; ++i) changes_.push_back(core_.weight(i, item));
      changes_.push_back(-profit);
    } else if (cost(item) > 0.0) {
      settled_.push_back(item);
      for (int i = 0; i < core_.num_rows; ++i) {
        base_excess_[static_cast<std::size_t>(i)] += core_.weight(i, item);
      }
      base_excess_.back() -= profit;
    }
  }
  // A violation by the mean weight of a row counts as much in every row.
  for (std::size_t k = 0; k < changes_.size(); ++k) {
    units_[k % rows_] += std::abs(static_cast<double>(changes_[k]));
  }
  for (double& unit : units_) unit = unit > 0.0 ? static_cast<double>(count) / unit : 0.0;
  units_.back() *= kTargetWeight;
  for (std::size_t k = 0; k < changes_.size(); ++k) {
    scaled_.push_back(static_cast<float>(static_cast<double>(changes_[k]) * units_[k % rows_]));
  }
  is_taken_.assign(count, 0);
}

/// Rounds the relaxation with noise.
void TabuSearch::restart() {
  target_ = first_target_;
  last_improvement_ = move_;
  selection_ = 0;
  std::fill(seen_.begin(), seen_.end(), 0);
  const auto fewest = static_cast<std::int64_t>(std::min(kFewestMovers, movers_.size()));
  const auto count =
      static_cast<std::size_t>(random_.integer(fewest, static_cast<std::int64_t>(movers_.size())));
  double mean = 0.0;
  for (std::size_t k = 0; k < count; ++k) mean += std::abs(worths_[k]) / static_cast<double>(count);

  excess_ = base_excess_;
  excess_.back() += target_;
  leaving_.assign(1, -1);
  entering_.clear();
  append_entering(-1);
  for (std::size_t k = 0; k < movers_.size(); ++k) {
    const bool moves = k < count;
    double worth = worths_[k];
    if (moves) {
      for (int draw = 0; draw < 3; ++draw) {
        worth += kNoise * mean * (2.0 * random_.uniform() - 1.0);
      }
    }
    const auto mover = static_cast<std::int32_t>(k);
    is_taken_[k] = worth > 0.0 ? 1 : 0;
    if (is_taken_[k] != 0) {
      for (std::size_t i = 0; i < rows_; ++i) excess_[i] += changes(mover)[i];
    }
    if (moves && is_taken_[k] != 0) leaving_.push_back(mover);
    if (moves && is_taken_[k] == 0) append_entering(mover);
  }
}

/// Writes a mover, or none (-1), into its column of the blocks.
void TabuSearch::put_entering(std::size_t place, std::int32_t mover) {
  entering_[place] = mover;
  float* at = blocks_.get() + place / kSwapLanes * rows_ * kSwapLanes + place % kSwapLanes;
  const float* from =
      mover < 0 ? nullptr : scaled_.data() + static_cast<std::size_t>(mover) * rows_;
  for (std::size_t i = 0; i < rows_; ++i) at[i * kSwapLanes] = from == nullptr ? 0.0F : from[i];
}

void TabuSearch::append_entering(std::int32_t mover) {
  const std::size_t place = entering_.size();
  if (place % kSwapLanes == 0) {
    std::fill_n(blocks_.get() + place * rows_, kSwapLanes * rows_, kNever);
  }
  entering_.push_back(mover);
  put_entering(place, mover);
}

bool TabuSearch::is_seen(std::uint64_t selection) const {
  const std::uint64_t bit = selection >> (64 - kSeenBits);
  return (seen_[bit / 64] >> (bit % 64) & 1U) != 0;
}

void TabuSearch::note(std::uint64_t selection) {
  const std::uint64_t bit = selection >> (64 - kSeenBits);
  seen_[bit / 64] |= std::uint64_t{1} << (bit % 64);
}

TabuSearch::Move TabuSearch::best_move() {
  Move best;
  best.violation = kMost;
  for (std::size_t i = 0; i < rows_; ++i) {
    scaled_excess_[i] = static_cast<float>(static_cast<double>(excess_[i]) * units_[i]);
  }
  for (std::size_t place = 0; place < leaving_.size(); ++place) scan_with(place, best);
  const auto blocks = static_cast<double>((entering_.size() + kSwapLanes - 1) / kSwapLanes);
  effort_ += kMoveEffort + static_cast<double>(leaving_.size()) * blocks *
                               (kBlockEffort + kRowEffort * static_cast<double>(rows_));
  return best;
}

/// Looks for the best partner of an item that leaves.
void TabuSearch::scan_with(std::size_t leaving, Move& best) {
  const std::int32_t out = leaving_[leaving];
  const float* taken = out < 0 ? nullptr : scaled_.data() + static_cast<std::size_t>(out) * rows_;
  for (std::size_t i = 0; i < rows_; ++i) {
    after_leaving_[i] = taken == nullptr ? scaled_excess_[i] : scaled_excess_[i] - taken[i];
  }
  const std::uint64_t without = selection_ ^ hash(out);
  const std::int64_t loss_without = out < 0 ? 0 : -changes(out)[rows_ - 1];
  const auto end = static_cast<std::int64_t>((entering_.size() + kSwapLanes - 1) / kSwapLanes);
  for (std::int64_t block = 0; block < end; ++block) {
    std::uint32_t mask = 0;
    block = scan_.find(blocks_.get(), static_cast<int>(rows_), block, end, after_leaving_.data(),
                       best.violation, sums_.get(), &mask);
    for (; mask != 0; mask &= mask - 1) {
      const int lane = std::countr_zero(mask);
      const auto entering = static_cast<std::size_t>(block * kSwapLanes + lane);
      const float violation = sums_[static_cast<std::size_t>(lane)];
      if (violation > best.violation || entering >= entering_.size()) continue;
      const std::int32_t in = entering_[entering];
      const std::uint64_t selection = without ^ hash(in);
      if (selection == selection_ || is_seen(selection)) continue;
      const std::int64_t loss = loss_without + (in < 0 ? 0 : changes(in)[rows_ - 1]);
      if (best.exists && violation == best.violation && loss >= best.loss) continue;
      best = {leaving, entering, violation, loss, selection, true};
    }
  }
}

void TabuSearch::apply(const Move& move) {
  const std::int32_t out = leaving_[move.leaving];
  const std::int32_t in = entering_[move.entering];
  for (std::size_t i = 0; i < rows_; ++i) {
    if (out >= 0) excess_[i] -= changes(out)[i];
    if (in >= 0) excess_[i] += changes(in)[i];
  }
  if (out >= 0) is_taken_[static_cast<std::size_t>(out)] = 0;
  if (in >= 0) is_taken_[static_cast<std::size_t>(in)] = 1;
  if (out >= 0 && in >= 0) {
    leaving_[move.leaving] = in;
    put_entering(move.entering, out);
  } else if (out >= 0) {
    leaving_[move.leaving] = leaving_.back();
    leaving_.pop_back();
    append_entering(out);
  } else {
    leaving_.push_back(in);
    const std::size_t last = entering_.size() - 1;
    put_entering(move.entering, entering_[last]);
    float* at = blocks_.get() + last / kSwapLanes * rows_ * kSwapLanes + last % kSwapLanes;
    for (std::size_t i = 0; i < rows_; ++i) at[i * kSwapLanes] = kNever;
    entering_.pop_back();
  }
  selection_ = move.selection;
  note(selection_);
}

bool TabuSearch::is_solution() const {
  return std::all_of(excess_.begin(), excess_.end(), [](std::int64_t over) { return over <= 0; });
}

/// Wants one more than the present solution has.
void TabuSearch::raise_target() {
  target_ += 1 - excess_.back();
  excess_.back() = 1;
  last_improvement_ = move_;
}

std::vector<std::int32_t> TabuSearch::items() const {
  std::vector<std::int32_t> taken = settled_;
  for (std::size_t k = 0; k < movers_.size(); ++k) {
    if (is_taken_[k] != 0) taken.push_back(movers_[k]);
  }
  return taken;
}

void TabuSearch::run(double effort, std::int64_t known, const Found& found) {
  if (movers_.empty()) return;
  if (!has_started_) {
    first_target_ = known + 1;
    restart();
    has_started_ = true;
  }
  best_ = std::max(best_, known);
  const double last = effort_ + effort;
  do {
    ++move_;
    const Move move = best_move();
    if (move.exists) apply(move);
    if (is_solution()) {
      const std::int64_t objective = target_ - excess_.back();
      raise_target();
      if (objective > best_) {
        best_ = objective;
        found(items());
      }
    }
    if (!move.exists || move_ - last_improvement_ > kPatience) restart();
  } while (effort_ < last);
}

}  // namespace espalier::solver
