#include "classes/sorted_classes.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include "classes/near_vertex.hpp"
#include "classes/radix_sort.hpp"
#include "tasks/run_tasks.hpp"

namespace espalier::solver {
namespace {

/// Values on either side of a threshold that a piece has at least at first, and by how much it
/// grows. It ends where a run of equal values does.
constexpr std::size_t kHalfWidth = 256;
constexpr std::size_t kGrowth = 16;
/// Values of a sample, at most twice as many.
constexpr std::size_t kSampleSize = 64;
/// Values whose sum is kept as one number.
constexpr std::size_t kSumStride = 64;

std::vector<std::int64_t> sums_by_stride(std::span<const std::int64_t> values) {
  std::vector<std::int64_t> sums = {0};
  for (std::size_t end = kSumStride; end <= values.size(); end += kSumStride) {
    const auto last = values.begin() + static_cast<std::ptrdiff_t>(end);
    sums.push_back(
        std::accumulate(last - static_cast<std::ptrdiff_t>(kSumStride), last, sums.back()));
  }
  return sums;
}

/// The first of the values equal to the one at `k`.
std::size_t begin_of_run(std::span<const std::int64_t> values, std::size_t k) {
  if (k == 0 || values[k - 1] != values[k]) return k;
  const auto end = values.begin() + static_cast<std::ptrdiff_t>(k);
  return static_cast<std::size_t>(
      std::lower_bound(values.begin(), end, values[k], std::greater<>()) - values.begin());
}

/// One behind the last of the values equal to the one before `k`.
std::size_t end_of_run(std::span<const std::int64_t> values, std::size_t k) {
  if (k == 0 || k == values.size() || values[k - 1] != values[k]) return k;
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>(k);
  return static_cast<std::size_t>(
      std::upper_bound(begin, values.end(), values[k], std::greater<>()) - values.begin());
}

SortedClasses::Sample draw(std::span<const std::int64_t> values) {
  SortedClasses::Sample sample;
  sample.stride = std::max<std::size_t>(1, values.size() / kSampleSize);
  for (std::size_t k = sample.stride / 2; k < values.size(); k += sample.stride) {
    sample.values.push_back(values[k]);
  }
  return sample;
}

}  // namespace

SortedClasses::SortedClasses(const ClassedProblem& problem, const OpenClasses& open, int threads)
    : values_(problem.classes().size()),
      samples_(problem.classes().size()),
      sums_(problem.classes().size()) {
  run_tasks(threads, values_.size(), [&](std::size_t c) {
    const auto candidates = open.candidates(c);
    auto& values = values_[c];
    values.reserve(candidates.size());
    std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(values),
                 [](std::int64_t profit) { return profit > 0; });
    sort_falling(values);
    samples_[c] = draw(values);
    sums_[c] = sums_by_stride(values);
  });
}

std::int64_t SortedClasses::objective(const OpenClasses& open,
                                      std::span<const std::int64_t> counts) const {
  std::int64_t sum = 0;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    const auto taken = static_cast<std::size_t>(counts[c] - open.num_decided(c));
    const auto first = values_[c].begin();
    sum +=
        open.decided_profit(c) +
        std::accumulate(first + static_cast<std::ptrdiff_t>(taken / kSumStride * kSumStride),
                        first + static_cast<std::ptrdiff_t>(taken), sums_[c][taken / kSumStride]);
  }
  return sum;
}

SortedCurves::SortedCurves(const SortedClasses& sorted, const OpenClasses& open)
    : sorted_(sorted), open_(open), half_width_(open.open().size(), kHalfWidth) {
  for (const OpenClass& of : open.open()) {
    ClassCurve curve;
    curve.weights = of.weights;
    curve.values = sorted.values(of.class_index);
    curve.first = static_cast<std::size_t>(of.floor);
    whole_.push_back(curve);
  }
  pieces_ = whole_;
}

std::vector<double> SortedCurves::rough_multipliers() const {
  std::vector<ClassCurve> rough = whole_;
  for (std::size_t k = 0; k < rough.size(); ++k) {
    const SortedClasses::Sample& sample = sorted_.sample(open_.open()[k].class_index);
    rough[k].values = sample.values;
    rough[k].unit = static_cast<double>(sample.stride);
    rough[k].first = std::min(sample.values.size(), rough[k].first / sample.stride);
  }
  const auto rows = open_.capacities().size();
  return minimise_dual(rough, open_.capacities(), origin(rows)).multipliers;
}

LpPoint SortedCurves::minimise(std::vector<double> expected, std::vector<std::size_t> taken) {
  constexpr int kNewtonSteps = 2;
  for (int step = 0; step < kNewtonSteps; ++step) {
    expected = newton_step(whole_, open_.capacities(), std::move(expected), taken);
  }
  const auto rows = open_.capacities().size();
  LpPoint point = minimise_dual(whole_, open_.capacities(),
                                vertex_near(whole_, expected, rows, std::move(taken)));
  // The lists are complete: from the start of all the minimum can be reached.
  if (!point.is_optimal) {
    point = minimise_dual(whole_, open_.capacities(), origin(rows));
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
  const std::size_t taken = whole.taken_above(whole.threshold(point.multipliers), point.taken[k]);
  const std::size_t begin =
      begin_of_run(whole.values, taken > half_width_[k] ? taken - half_width_[k] : 0);
  const std::size_t end =
      end_of_run(whole.values, std::min(whole.values.size(), taken + half_width_[k]));
  ClassCurve& piece = pieces_[k];
  piece = whole;
  piece.values = whole.values.subspan(begin, end - begin);
  piece.above = static_cast<std::int64_t>(begin);
  piece.first = whole.first > begin ? whole.first - begin : 0;
  piece.goes_on_above = begin > whole.first;
  piece.goes_on_below = end < whole.values.size();
}

}  // namespace espalier::solver
