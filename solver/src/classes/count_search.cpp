#include "classes/count_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "espalier/support/check.hpp"

#include "classes/basis_tube.hpp"
#include "classes/count_moves.hpp"
#include "classes/greedy_counts.hpp"
#include "classes/move_halves.hpp"
#include "classes/multipliers.hpp"
#include "classes/residual.hpp"

namespace espalier::solver {
namespace {

/// Vectors between two looks at the clock.
constexpr std::int64_t kStopInterval = 4096;
/// Combinations of half of the classes up to which halves are joined.
constexpr std::size_t kMostListed = std::size_t{1} << 16;

class CountSearch {
 public:
  explicit CountSearch(const CountSearchInput& input)
      : input_(input),
        rows_(input.capacities.size()),
        multipliers_(round_multipliers(*input.point, input.max_profit)) {
    deviations_.reserve(input.curves.size());
    for (const ClassCurve& curve : input.curves) {
      deviations_.emplace_back(curve, multipliers_.threshold(curve.weights), multipliers_.shift);
    }
    delta_.assign(input.curves.size(), 0);
  }

  CountSearchResult run() {
    result_.shift = multipliers_.shift;
    if (rows_ > kMaxCountRows || !set_residual()) return finish(CountOutcome::kGaveUp);
    set_granularity();
    const bool is_built =
        tube_.build(input_.curves, *input_.point, multipliers_, {residual_.data(), rows_});
    const CountOutcome outcome = is_built ? deepen() : CountOutcome::kGaveUp;
    if (best_loss_ < kHugeLoss || outcome == CountOutcome::kWindowsTooSmall) return finish(outcome);
    const GreedyCounts greedy =
        find_greedy_counts(input_.curves, deviations_, multipliers_, residual_);
    delta_ = greedy.deltas;
    if (greedy.loss < kHugeLoss) record(greedy.loss);
    return finish(is_closed() ? CountOutcome::kOptimal : outcome);
  }

 private:
  /// Where a combination of deviations has led to.
  struct Place {
    std::int64_t loss = 0;
    Residual residual{};
    BasisTube::Numerators numerators{};
    BasisTube::Numerators residues{};
  };

  const std::int64_t* weights(std::size_t c) const { return input_.curves[c].weights.data(); }

  /// Capacities beside the counts at deviation 0; false when they leave 62 bits.
  bool set_residual() {
    for (std::size_t i = 0; i < rows_; ++i) {
      Int128 left = input_.capacities[i];
      for (std::size_t c = 0; c < deviations_.size(); ++c) {
        left -= Int128{deviations_[c].base_count()} * weights(c)[i];
      }
      if (left > kInt64Max / 2 || left < kInt64Min / 2) return false;
      residual_[i] = static_cast<std::int64_t>(left);
    }
    return true;
  }

  /// Objectives are multiples of the profit unit, hence losses agree modulo that unit. The bound is
  /// y.b + sum (p - y.w), of which the profits are multiples of the unit.
  void set_granularity() {
    const std::int64_t unit = std::max<std::int64_t>(1, input_.profit_unit);
    granule_ = unit << multipliers_.shift;
    std::uint64_t bound = 0;  // modulo 2^64, hence modulo the granule, a power of two
    for (std::size_t i = 0; i < rows_; ++i) {
      bound += static_cast<std::uint64_t>(multipliers_.values[i]) *
               static_cast<std::uint64_t>(residual_[i]);
    }
    unit_residue_ = static_cast<std::int64_t>(bound & static_cast<std::uint64_t>(granule_ - 1));
  }

  /// Whether no loss can be smaller than the best one.
  bool is_closed() const { return best_loss_ <= unit_residue_; }

  void record(std::int64_t loss) {
    if (loss >= best_loss_) return;
    best_loss_ = loss;
    best_delta_ = delta_;
    // Anything better is better by a whole granule.
    budget_ = std::min(budget_, loss - granule_);
  }

  CountOutcome deepen() {
    moves_.begin(deviations_.size());
    std::int64_t limit = std::max(first_limit(), unit_residue_);
    while (true) {
      const std::int64_t before = result_.vectors;
      budget_ = std::min(limit, best_loss_ == kHugeLoss ? kHugeLoss - 1 : best_loss_ - granule_);
      const bool covers_rest = budget_ < limit || limit >= kHugeLoss - 1;
      is_given_up_ = false;
      is_stopped_ = false;
      look_through();
      if (is_stopped_) return CountOutcome::kStopped;
      if (best_loss_ <= limit || covers_rest) {
        if (is_closed()) return CountOutcome::kOptimal;
        if (has_too_small_windows(best_loss_)) return CountOutcome::kWindowsTooSmall;
        return is_given_up_ || best_loss_ == kHugeLoss ? CountOutcome::kGaveUp
                                                       : CountOutcome::kOptimal;
      }
      if (has_too_small_windows(limit)) return CountOutcome::kWindowsTooSmall;
      if (is_given_up_) return CountOutcome::kGaveUp;
      proven_ = limit;
      limit = raised(limit, result_.vectors - before);
    }
  }

  /// The next limit after one that took so many vectors. Their number grows like a power of the
  /// limit, about the fourth, or its square root where halves are joined, so that a step too long
  /// costs far more than a few too short: 1.4 is two to four times the work, the usual price of
  /// deepening step by step.
  static std::int64_t raised(std::int64_t limit, std::int64_t vectors) {
    constexpr std::int64_t kFewVectors = 500;
    if (limit > kHugeLoss / 2) return kHugeLoss - 1;
    return std::max(limit + 1, vectors < kFewVectors ? 2 * limit : limit / 5 * 7);
  }

  bool has_too_small_windows(std::int64_t limit) {
    for (std::size_t c = 0; c < deviations_.size(); ++c) {
      if (deviations_[c].is_cut_short(limit)) result_.too_small.push_back(c);
    }
    return !result_.too_small.empty();
  }

  /// Enough for a few deviations besides those of the supports.
  std::int64_t first_limit() {
    std::vector<std::int64_t> prices;
    for (const std::size_t c : moves_.classes()) {
      prices.push_back(std::min(deviations_[c].loss(1), deviations_[c].loss(-1)));
    }
    if (prices.empty()) return granule_;
    const auto place =
        prices.begin() + static_cast<std::ptrdiff_t>(std::min(prices.size() - 1, rows_ + 1));
    std::nth_element(prices.begin(), place, prices.end());
    return std::clamp<std::int64_t>(*place, 1, kHugeLoss - 1);
  }

  void look_through() {
    moves_.extend(deviations_, budget_);
    Place place;
    place.residual = residual_;
    place.numerators = tube_.start();
    for (std::size_t s = 0; s < tube_.size(); ++s) {
      place.residues[s] = tube_.residue(place.numerators[s]);
    }
    note_vectors(1);
    place_supports(place);
    if (tube_.size() > 0) turn_back_at_ = result_.vectors + input_.single_vectors;
    descend(0, place);
    const bool is_too_long = has_turned_back();
    turn_back_at_ = kInt64Max;
    if (is_too_long && !is_over()) {
      if (halves_.list(budget_, kMostListed)) {
        join_halves(place);
      } else {
        descend(0, place);
      }
    }
    std::fill(delta_.begin(), delta_.end(), 0);
  }

  bool is_over() const {
    return is_given_up_ || is_stopped_ || budget_ < unit_residue_ || has_turned_back();
  }
  bool has_turned_back() const { return result_.vectors >= turn_back_at_; }

  void note_vectors(std::size_t count) {
    const std::int64_t before = result_.vectors;
    result_.vectors += static_cast<std::int64_t>(count);
    if (before / kStopInterval != result_.vectors / kStopInterval && input_.is_stopped) {
      is_stopped_ = is_stopped_ || input_.is_stopped();
    }
    if (result_.vectors >= input_.vector_limit) is_given_up_ = true;
  }

  void join_halves(const Place& start) {
    note_vectors(halves_.listed());
    const auto visit = [&](std::span<const std::size_t> picked) {
      if (is_over()) return;
      Place place = start;
      for (const std::size_t k : picked) {
        place = moved(place, k);
        delta_[moves_[k].class_index] = moves_[k].delta;
      }
      place_supports(place);
      for (const std::size_t k : picked) delta_[moves_[k].class_index] = 0;
    };
    for (std::size_t a = 0; a < halves_.first_size() && !is_over(); ++a) {
      note_vectors(halves_.join(a, budget_, visit));
    }
  }

  /// All combinations of moves from position `first` on, besides none at all.
  void descend(std::size_t first, const Place& place) {
    if (is_over()) return;
    const std::size_t end = moves_.end_of(first, budget_ - place.loss);
    const std::size_t last = moves_.end_of_pairs(first, end, budget_ - place.loss);
    for (std::size_t k = first; k < last && !is_over(); ++k) {
      const CountMove& move = moves_[k];
      if (place.loss + move.price > budget_) return;  // a solution has lowered it
      if (delta_[move.class_index] != 0) continue;
      note_vectors(1);
      const Place next = moved(place, k);
      delta_[move.class_index] = move.delta;
      if (!has_empty_interval(next)) place_supports(next);
      descend(k + 1, next);
      delta_[move.class_index] = 0;
    }
    if (!is_over()) try_last(last, end, place);
  }

  /// One more of these moves and none besides, by far the most of what there is to look at: nearly
  /// all of them leave the first support no place.
  void try_last(std::size_t begin, std::size_t end, const Place& place) {
    if (begin == end) return;
    note_vectors(end - begin);
    const std::int64_t modulus = tube_.modulus();
    BasisTube::Interval reach{0, modulus};
    if (tube_.size() > 0) reach = tube_.reach_of(0, budget_ - place.loss - moves_[begin].price);
    const std::int64_t* const steps = moves_.first_residues();
    for (std::size_t k = begin; k < end; ++k) {
      const std::int64_t residue = tube_.add_residues(place.residues[0], steps[k]);
      if (residue > reach.high && residue < modulus + reach.low) continue;
      const CountMove& move = moves_[k];
      if (place.loss + move.price > budget_) return;
      if (delta_[move.class_index] != 0) continue;
      const Place next = moved(place, k);
      if (has_empty_interval(next)) continue;
      delta_[move.class_index] = move.delta;
      place_supports(next);
      delta_[move.class_index] = 0;
      if (is_over()) return;
    }
  }

  Place moved(const Place& place, std::size_t k) const {
    const auto [price, c, delta] = moves_[k];
    Place next;
    next.loss = place.loss + price;
    for (std::size_t i = 0; i < rows_; ++i) {
      next.residual[i] = place.residual[i] - delta * weights(c)[i];
    }
    for (std::size_t s = 0; s < tube_.size(); ++s) {
      next.numerators[s] = place.numerators[s] - delta * tube_.per_item(s, c);
      next.residues[s] = tube_.add_residues(place.residues[s], moves_.residues(k)[s]);
    }
    return next;
  }

  bool has_empty_interval(const Place& place) const {
    for (std::size_t s = 0; s < tube_.size(); ++s) {
      if (tube_.is_empty(s, place.residues[s], budget_ - place.loss)) return true;
    }
    return false;
  }

  /// The supports' deviations, given everybody else's.
  void place_supports(const Place& place) {
    const std::int64_t left = budget_ - place.loss;
    if (left < 0) return;
    std::array<BasisTube::Interval, kMaxCountRows> intervals;
    for (std::size_t s = 0; s < tube_.size(); ++s) {
      intervals[s] = tube_.interval(s, place.numerators[s], left);
      if (intervals[s].low > intervals[s].high) return;
    }
    place_support(0, intervals, place.loss, place.residual);
  }

  void place_support(std::size_t s, const std::array<BasisTube::Interval, kMaxCountRows>& intervals,
                     std::int64_t loss, const Residual& room) {
    if (s == tube_.size()) {
      accept(loss, room);
      return;
    }
    const std::size_t c = tube_.class_index(s);
    Deviations& deviations = deviations_[c];
    std::int64_t low = 0;
    std::int64_t high = 0;
    if (s + 1 == tube_.size()) {
      // Every item has a positive profit: of the last class take what fits.
      high = std::min(intervals[s].high, most_that_fit(input_.curves[c].weights, room));
      if (high < intervals[s].low) return;
      high = reachable(deviations, high);
      low = high;
    } else {
      low = reachable(deviations, intervals[s].low);
      high = reachable(deviations, intervals[s].high);
    }
    for (std::int64_t delta = low; delta <= high && !is_over(); ++delta) {
      if (++result_.vectors >= input_.vector_limit) is_given_up_ = true;
      const std::int64_t now = loss + deviations.loss(delta);
      if (now > budget_) {
        if (delta >= 0) break;
        continue;
      }
      Residual rest = room;
      for (std::size_t i = 0; i < rows_; ++i) rest[i] -= delta * weights(c)[i];
      delta_[c] = delta;
      place_support(s + 1, intervals, now, rest);
    }
    delta_[c] = 0;
  }

  /// Moves a deviation into what the curve knows; remembers when the class has more.
  static std::int64_t reachable(Deviations& deviations, std::int64_t delta) {
    if (delta > deviations.most()) {
      deviations.loss(deviations.most() + 1);
      return deviations.most();
    }
    if (delta < deviations.least()) {
      deviations.loss(deviations.least() - 1);
      return deviations.least();
    }
    return delta;
  }

  void accept(std::int64_t loss, const Residual& slack) {
    for (std::size_t i = 0; i < rows_; ++i) {
      if (slack[i] < 0) return;
    }
    const std::int64_t total = std::min(kHugeLoss, loss + slack_loss(multipliers_, slack));
    if (total <= budget_) record(total);
  }

  CountSearchResult finish(CountOutcome outcome) {
    result_.outcome = outcome;
    result_.loss = best_loss_;
    if (best_loss_ < kHugeLoss) {
      for (std::size_t c = 0; c < deviations_.size(); ++c) {
        result_.counts.push_back(deviations_[c].base_count() + best_delta_[c]);
      }
      const std::int64_t least = std::max(proven_, unit_residue_);
      result_.possible_gain =
          outcome == CountOutcome::kOptimal
              ? 0
              : std::max<std::int64_t>(0, best_loss_ - least) >> multipliers_.shift;
    }
    return std::move(result_);
  }

  const CountSearchInput& input_;
  std::size_t rows_;
  IntegerMultipliers multipliers_;
  std::vector<Deviations> deviations_;
  Residual residual_{};  ///< capacities beside the counts at deviation 0
  BasisTube tube_;
  CountMoves moves_{tube_};
  MoveHalves halves_{moves_, tube_};
  std::vector<std::int64_t> delta_;  ///< deviations of the place looked at
  std::vector<std::int64_t> best_delta_;
  std::int64_t best_loss_ = kHugeLoss;
  std::int64_t budget_ = kHugeLoss;  ///< losses that are still of interest
  std::int64_t proven_ = 0;          ///< no solution has a smaller loss
  std::int64_t granule_ = 1;
  std::int64_t unit_residue_ = 0;          ///< every loss is this plus a multiple of the granule
  std::int64_t turn_back_at_ = kInt64Max;  ///< vectors at which descend() is broken off
  bool is_given_up_ = false;
  bool is_stopped_ = false;
  CountSearchResult result_;
};

}  // namespace

CountSearchResult search_counts(const CountSearchInput& input) { return CountSearch(input).run(); }

}  // namespace espalier::solver
