#include "classes/sorted_classes.hpp"

#include <algorithm>
#include <utility>

#include "classes/radix_sort.hpp"
#include "tasks/run_tasks.hpp"

namespace espalier::solver {
namespace {

/// Values on either side of a threshold that a piece has at first, and by how much it grows.
constexpr std::size_t kHalfWidth = 256;
constexpr std::size_t kGrowth = 16;

}  // namespace

SortedClasses::SortedClasses(const ClassedProblem& problem, const OpenClasses& open, int threads)
    : values_(problem.classes().size()), sums_(problem.classes().size()) {
  run_tasks(threads, values_.size(), [&](std::size_t c) {
    const auto candidates = open.candidates(c);
    auto& values = values_[c];
    values.reserve(candidates.size());
    std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(values),
                 [](std::int64_t profit) { return profit > 0; });
    sort_falling(values);
    auto& sums = sums_[c];
    sums.reserve(values.size() + 1);
    sums.push_back(0);
    for (const std::int64_t value : values) sums.push_back(sums.back() + value);
  });
}

std::int64_t SortedClasses::objective(const OpenClasses& open,
                                      std::span<const std::int64_t> counts) const {
  std::int64_t sum = 0;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    sum += open.decided_profit(c) +
           sums_[c][static_cast<std::size_t>(counts[c] - open.num_decided(c))];
  }
  return sum;
}

SortedCurves::SortedCurves(const SortedClasses& sorted, const OpenClasses& open)
    : open_(open), half_width_(open.open().size(), kHalfWidth) {
  for (const OpenClass& of : open.open()) {
    ClassCurve curve;
    curve.weights = of.weights;
    curve.values = sorted.values(of.class_index);
    curve.first = static_cast<std::size_t>(of.floor);
    whole_.push_back(curve);
  }
  pieces_ = whole_;
}

LpPoint SortedCurves::minimise(LpPoint start) {
  LpPoint point = minimise_dual(whole_, open_.capacities(), std::move(start));
  // The lists are complete: from the start of all the minimum can be reached.
  if (!point.is_optimal) {
    point = minimise_dual(whole_, open_.capacities(), origin(open_.capacities().size()));
  }
  for (std::size_t k = 0; k < whole_.size(); ++k) cut_piece(k, point);
  return point;
}

LpPoint SortedCurves::widen(std::span<const std::size_t> classes, LpPoint point) {
  for (const std::size_t k : classes) {
    half_width_[k] *= kGrowth;
    cut_piece(k, point);
  }
  return point;
}

void SortedCurves::cut_piece(std::size_t k, const LpPoint& point) {
  const ClassCurve& whole = whole_[k];
  const std::size_t taken = whole.taken_above(whole.threshold(point.multipliers));
  const std::size_t begin = taken > half_width_[k] ? taken - half_width_[k] : 0;
  const std::size_t end = std::min(whole.values.size(), taken + half_width_[k]);
  ClassCurve& piece = pieces_[k];
  piece = whole;
  piece.values = whole.values.subspan(begin, end - begin);
  piece.above = static_cast<std::int64_t>(begin);
  piece.first = whole.first > begin ? whole.first - begin : 0;
  piece.goes_on_above = begin > whole.first;
  piece.goes_on_below = end < whole.values.size();
}

}  // namespace espalier::solver
