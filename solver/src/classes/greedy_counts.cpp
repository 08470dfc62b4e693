#include "classes/greedy_counts.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace espalier::solver {
namespace {

/// Times that a class is chosen to give up items before it is left at that.
constexpr int kMostChanges = 4096;

class Greedy {
 public:
  Greedy(std::span<const ClassCurve> curves, std::span<Deviations> deviations,
         const IntegerMultipliers& multipliers, const Residual& residual)
      : curves_(curves),
        deviations_(deviations),
        multipliers_(multipliers),
        room_(residual),
        rows_(multipliers.values.size()) {
    found_.deltas.assign(curves.size(), 0);
  }

  GreedyCounts run() {
    const auto end = room_.begin() + static_cast<std::ptrdiff_t>(rows_);
    for (int change = 0; change < kMostChanges; ++change) {
      const auto row = std::find_if(room_.begin(), end, [](std::int64_t left) { return left < 0; });
      if (row == end) {
        fill();
        break;
      }
      if (!take_out(static_cast<std::size_t>(row - room_.begin()))) break;
    }
    return std::move(found_);
  }

 private:
  std::span<const std::int64_t> weights(std::size_t c) const { return curves_[c].weights; }

  bool take_out(std::size_t row) {
    std::size_t best = curves_.size();
    double best_price = 0.0;
    for (std::size_t c = 0; c < curves_.size(); ++c) {
      if (weights(c)[row] == 0) continue;
      const std::int64_t now = deviations_[c].loss(found_.deltas[c]);
      const std::int64_t then = deviations_[c].loss(found_.deltas[c] - 1);
      if (then >= kHugeLoss) continue;
      const double relief = static_cast<double>(std::min(weights(c)[row], -room_[row]));
      const double price = static_cast<double>(then - now) / relief;
      if (best == curves_.size() || price < best_price) {
        best = c;
        best_price = price;
      }
    }
    if (best == curves_.size()) return false;
    // Of items that cost the same as many as it takes: where profits tie they can be thousands.
    std::int64_t& delta = found_.deltas[best];
    const auto cost = [&] {
      return deviations_[best].loss(delta - 1) - deviations_[best].loss(delta);
    };
    const std::int64_t first_cost = cost();
    do {
      --delta;
      for (std::size_t i = 0; i < rows_; ++i) room_[i] += weights(best)[i];
    } while (room_[row] < 0 && cost() == first_cost);
    return true;
  }

  void fill() {
    std::vector<std::size_t> order(curves_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::vector<std::int64_t> price;
    for (std::size_t c = 0; c < curves_.size(); ++c) {
      const std::int64_t delta = found_.deltas[c];
      price.push_back(deviations_[c].loss(delta + 1) - deviations_[c].loss(delta));
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return price[a] < price[b]; });
    std::int64_t loss = 0;
    for (const std::size_t c : order) {
      std::int64_t& delta = found_.deltas[c];
      const std::int64_t more =
          std::min(most_that_fit(weights(c), room_), deviations_[c].most() - delta);
      if (more > 0) {
        delta += more;
        for (std::size_t i = 0; i < rows_; ++i) room_[i] -= more * weights(c)[i];
      }
      loss = std::min(kHugeLoss, loss + deviations_[c].loss(delta));
    }
    found_.loss = std::min(kHugeLoss, loss + slack_loss(multipliers_, room_));
  }

  std::span<const ClassCurve> curves_;
  std::span<Deviations> deviations_;
  const IntegerMultipliers& multipliers_;
  Residual room_;
  std::size_t rows_;
  GreedyCounts found_;
};

}  // namespace

GreedyCounts find_greedy_counts(std::span<const ClassCurve> curves,
                                std::span<Deviations> deviations,
                                const IntegerMultipliers& multipliers, const Residual& residual) {
  return Greedy(curves, deviations, multipliers, residual).run();
}

}  // namespace espalier::solver
