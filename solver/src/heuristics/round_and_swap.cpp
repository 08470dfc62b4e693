#include "heuristics/round_and_swap.hpp"

#include <algorithm>
#include <numeric>

namespace espalier::solver {
namespace {

/// A selection with its free capacities.
class Packing {
 public:
  explicit Packing(const CoreProblem& core)
      : core_(core),
        free_(core.capacities),
        is_taken_(static_cast<std::size_t>(core.num_items), 0) {}

  bool is_taken(int j) const { return is_taken_[static_cast<std::size_t>(j)] != 0; }

  /// Whether item `in` fits when item `out` (-1: none) leaves.
  bool fits(int in, int out) const {
    for (int i = 0; i < core_.num_rows; ++i) {
      const std::int64_t back = out < 0 ? 0 : core_.weight(i, out);
      if (core_.weight(i, in) > free_[static_cast<std::size_t>(i)] + back) return false;
    }
    return true;
  }

  void take(int j) { change(j, 1); }
  void drop(int j) { change(j, 0); }

  std::vector<std::int32_t> items() const {
    std::vector<std::int32_t> taken;
    for (int j = 0; j < core_.num_items; ++j) {
      if (is_taken(j)) taken.push_back(j);
    }
    return taken;
  }

 private:
  void change(int j, std::uint8_t value) {
    is_taken_[static_cast<std::size_t>(j)] = value;
    for (int i = 0; i < core_.num_rows; ++i) {
      free_[static_cast<std::size_t>(i)] += value != 0 ? -core_.weight(i, j) : core_.weight(i, j);
    }
  }

  const CoreProblem& core_;
  std::vector<std::int64_t> free_;
  std::vector<std::uint8_t> is_taken_;
};

/// Exchanges one taken item for the most profitable item that then fits; false when none improves.
bool improve_once(const CoreProblem& core, Packing& packing, std::span<const std::int32_t> items) {
  const auto profit = [&](int j) { return core.profits[static_cast<std::size_t>(j)]; };
  int best_in = -1;
  int best_out = -1;
  std::int64_t best_gain = 0;
  for (const auto in : items) {
    if (packing.is_taken(in)) continue;
    if (packing.fits(in, -1) && profit(in) > best_gain) {
      best_gain = profit(in);
      best_in = in;
      best_out = -1;
    }
    for (const auto out : items) {
      if (!packing.is_taken(out)) continue;
      const std::int64_t gain = profit(in) - profit(out);
      if (gain > best_gain && packing.fits(in, out)) {
        best_gain = gain;
        best_in = in;
        best_out = out;
      }
    }
  }
  if (best_in < 0) return false;
  if (best_out >= 0) packing.drop(best_out);
  packing.take(best_in);
  return true;
}

}  // namespace

std::vector<std::int32_t> round_and_swap(const CoreProblem& core, std::span<const double> score,
                                         int window) {
  std::vector<std::int32_t> order(static_cast<std::size_t>(core.num_items));
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
    const double left = score[static_cast<std::size_t>(a)];
    const double right = score[static_cast<std::size_t>(b)];
    return left > right || (left == right && a < b);
  });
  Packing packing(core);
  std::ptrdiff_t first_left_out = -1;
  for (std::size_t k = 0; k < order.size(); ++k) {
    if (packing.fits(order[k], -1)) {
      packing.take(order[k]);
    } else if (first_left_out < 0) {
      first_left_out = static_cast<std::ptrdiff_t>(k);
    }
  }
  if (first_left_out < 0) return packing.items();
  const auto size = static_cast<std::ptrdiff_t>(order.size());
  const auto begin = std::max<std::ptrdiff_t>(0, first_left_out - window);
  const auto end = std::min(size, first_left_out + window);
  const auto near = std::span(order).subspan(static_cast<std::size_t>(begin),
                                             static_cast<std::size_t>(end - begin));
  while (improve_once(core, packing, near)) {
  }
  return packing.items();
}

}  // namespace espalier::solver
