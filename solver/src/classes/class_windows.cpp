#include "classes/class_windows.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "espalier/support/exact.hpp"

#include "classes/radix_sort.hpp"
#include "classes/run_tasks.hpp"

namespace espalier::solver {
namespace {

/// Items that are sorted at once rather than sampled: this many, and per class.
constexpr std::size_t kSortAtOnce = 8192;
constexpr std::size_t kSortPerClass = 128;
/// Least sample of a class that is not taken whole.
constexpr std::size_t kLeastSample = 96;
/// Half width of a window in standard deviations of the sample's rank, and what is added to it.
constexpr double kDeviations = 3.0;
constexpr double kExtraRanks = 5.0;
/// Values to be had on either side of a threshold, else the window is taken for too narrow.
constexpr std::size_t kGuard = 8;
/// Items of one pass that a task handles.
constexpr std::size_t kChunk = std::size_t{1} << 15;
/// A window widened so often takes in the whole class.
constexpr int kMaxWidenings = 4;

/// `count` values of the population at random places, one out of each stretch of equal length.
std::vector<std::int64_t> draw(std::span<const std::int64_t> population, std::size_t count,
                               Random& random) {
  std::vector<std::int64_t> sample;
  if (count >= population.size()) {
    sample.assign(population.begin(), population.end());
  } else {
    sample.reserve(count);
    const double stretch = static_cast<double>(population.size()) / static_cast<double>(count);
    for (std::size_t k = 0; k < count; ++k) {
      const double place = (static_cast<double>(k) + random.uniform()) * stretch;
      sample.push_back(
          population[std::min(static_cast<std::size_t>(place), population.size() - 1)]);
    }
  }
  sample.erase(std::remove_if(sample.begin(), sample.end(), [](auto p) { return p <= 0; }),
               sample.end());
  sort_falling(sample);
  return sample;
}

/// One stretch of profits from position `begin` on. Without branches but for the few items inside:
/// which way an item goes cannot be foreseen.
void collect_piece(std::span<const std::int64_t> profits, std::size_t begin,
                   const CollectedItems& window, CollectedItems::Piece& piece) {
  constexpr std::size_t kWord = 64;
  const std::int64_t low = window.low;
  const std::int64_t high = window.high;
  const std::size_t end = std::min(profits.size(), begin + kChunk);
  piece.begin = static_cast<std::int32_t>(begin);
  piece.above.reserve((end - begin + kWord - 1) / kWord);
  std::int64_t sum = 0;
  for (std::size_t at = begin; at < end; at += kWord) {
    std::uint64_t above = 0;
    std::uint64_t not_below = 0;
    const auto word = profits.subspan(at, std::min(kWord, end - at));
    for (std::size_t j = 0; j < word.size(); ++j) {
      // Arithmetic on the comparisons: given a choice, the compiler branches.
      const std::uint64_t is_above = word[j] > high ? 1 : 0;
      const std::uint64_t is_not_below = word[j] >= low ? 1 : 0;
      above |= is_above << j;
      not_below |= is_not_below << j;
      sum += word[j] * static_cast<std::int64_t>(is_above);
    }
    piece.above.push_back(above);
    piece.num_above += std::popcount(above);
    for (std::uint64_t inside = not_below & ~above; inside != 0; inside &= inside - 1) {
      const std::size_t position = at + static_cast<std::size_t>(std::countr_zero(inside));
      piece.positions.push_back(static_cast<std::int32_t>(position));
      piece.values.push_back(profits[position]);
    }
  }
  piece.above_sum = sum;
}

}  // namespace

ClassWindows::ClassWindows(const OpenClasses& open, int threads)
    : open_(open), threads_(threads), windows_(open.open().size()) {}

std::span<const std::int64_t> ClassWindows::population(std::size_t k) const {
  if (windows_[k].is_collected) return windows_[k].values;
  return open_.open()[k].profits;
}

double ClassWindows::threshold(std::size_t k, const LpPoint& point) const {
  double sum = 0.0;
  for (std::size_t i = 0; i < point.multipliers.size(); ++i) {
    sum += point.multipliers[i] * static_cast<double>(open_.open()[k].weights[i]);
  }
  return sum;
}

ClassCurve ClassWindows::curve(std::size_t k, std::span<const std::int64_t> values,
                               double unit) const {
  const Window& window = windows_[k];
  const std::int64_t floor = open_.open()[k].floor;
  ClassCurve curve;
  curve.weights = open_.open()[k].weights;
  curve.values = values;
  curve.unit = unit;
  curve.above = window.above;
  curve.goes_on_above = window.above > floor;
  curve.goes_on_below = window.low > 1;
  if (floor > window.above) {
    const double first = std::ceil(static_cast<double>(floor - window.above) / unit);
    curve.first = std::min(values.size(), static_cast<std::size_t>(first));
  }
  return curve;
}

LpPoint ClassWindows::narrow(std::span<const double> expected) {
  std::size_t items = 0;
  for (std::size_t k = 0; k < windows_.size(); ++k) items += population(k).size();
  const std::size_t enough = kSortAtOnce + kSortPerClass * windows_.size();
  const auto sample = std::max<std::size_t>(
      2048, static_cast<std::size_t>(8.0 * std::sqrt(static_cast<double>(items))));
  LpPoint point;
  point.multipliers.assign(expected.begin(), expected.end());
  point = shrink(std::move(point), sample);
  for (std::size_t before = items;;) {
    std::size_t now = 0;
    for (const Window& window : windows_) now += window.values.size();
    if (now <= enough || now > before - before / 4)
      break;  // many equal profits cannot be told apart
    before = now;
    point = shrink(std::move(point), std::max<std::size_t>(2048, now / 16));
  }
  std::vector<std::size_t> all(windows_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  sort_windows(all);
  return settle(std::move(point));
}

/// Begins at the point, or near its multipliers where it has no supports yet.
LpPoint ClassWindows::shrink(LpPoint point, std::size_t sample_total) {
  std::size_t items = 0;
  for (std::size_t k = 0; k < windows_.size(); ++k) items += population(k).size();
  std::vector<std::vector<std::int64_t>> samples(windows_.size());
  std::vector<ClassCurve> curves;
  for (std::size_t k = 0; k < windows_.size(); ++k) {
    const auto all = population(k);
    const double share = static_cast<double>(all.size()) / static_cast<double>(items);
    std::size_t wanted =
        std::max(kLeastSample, static_cast<std::size_t>(share * static_cast<double>(sample_total)));
    if (all.size() <= 2 * wanted) wanted = all.size();
    samples[k] = draw(all, wanted, random_);
    const double unit =
        wanted == all.size() ? 1.0 : static_cast<double>(all.size()) / static_cast<double>(wanted);
    curves.push_back(curve(k, samples[k], unit));
  }
  const std::vector<double> multipliers = point.multipliers;
  point = point.supports.empty() ? vertex_near(curves, multipliers, open_.capacities().size())
                                 : moved(std::move(point), curves, multipliers);
  point = minimise_dual(curves, open_.capacities(), std::move(point));
  std::vector<std::size_t> to_collect;
  for (std::size_t k = 0; k < windows_.size(); ++k) {
    if (curves[k].unit > 1.0) aim(k, samples[k], curves[k].unit, threshold(k, point), 1.0);
    if (!windows_[k].is_collected) {
      to_collect.push_back(k);
    } else if (curves[k].unit > 1.0) {
      filter(k);
    }
  }
  collect(to_collect);
  return point;
}

void ClassWindows::aim(std::size_t k, std::span<const std::int64_t> sample, double unit,
                       double threshold, double margin_factor) {
  Window& window = windows_[k];
  const auto taken = static_cast<double>(curve(k, sample, unit).taken_above(threshold));
  const double margin =
      margin_factor *
      (0.5 * kDeviations * std::sqrt(static_cast<double>(sample.size())) + kExtraRanks);
  const double high = std::floor(taken - margin);
  const double low = std::ceil(taken + margin);
  if (high >= 1.0) window.high = std::min(window.high, sample[static_cast<std::size_t>(high) - 1]);
  if (low < static_cast<double>(sample.size())) {
    window.low = std::max(window.low, sample[static_cast<std::size_t>(low)]);
  }
}

void ClassWindows::filter(std::size_t k) {
  Window& window = windows_[k];
  std::size_t kept = 0;
  for (const std::int64_t value : window.values) {
    window.above += value > window.high ? 1 : 0;
    window.values[kept] = value;
    kept += value >= window.low && value <= window.high ? 1 : 0;
  }
  window.values.resize(kept);
}

void ClassWindows::collect(std::span<const std::size_t> classes) {
  struct Task {
    std::size_t k, piece;
  };
  std::vector<Task> tasks;
  for (const std::size_t k : classes) {
    Window& window = windows_[k];
    window.collected.low = window.low;
    window.collected.high = window.high;
    const std::size_t pieces = (open_.open()[k].profits.size() + kChunk - 1) / kChunk;
    window.collected.pieces.assign(pieces, {});
    for (std::size_t piece = 0; piece < pieces; ++piece) tasks.push_back({k, piece});
  }
  run_tasks(threads_, tasks.size(), [&](std::size_t index) {
    const auto [k, piece] = tasks[index];
    CollectedItems& collected = windows_[k].collected;
    collect_piece(open_.open()[k].profits, piece * kChunk, collected, collected.pieces[piece]);
  });
  for (const std::size_t k : classes) {
    Window& window = windows_[k];
    window.above = 0;
    window.values.clear();
    window.is_collected = true;
    for (const CollectedItems::Piece& piece : window.collected.pieces) {
      window.above += piece.num_above;
      window.values.insert(window.values.end(), piece.values.begin(), piece.values.end());
    }
  }
}

void ClassWindows::sort_windows(std::span<const std::size_t> classes) {
  curves_.resize(windows_.size());
  run_tasks(threads_, classes.size(), [&](std::size_t index) {
    const std::size_t k = classes[index];
    sort_falling(windows_[k].values);
    curves_[k] = curve(k, windows_[k].values, 1.0);
  });
  for (const std::size_t k : classes) {
    sorted_items_ += static_cast<std::int64_t>(windows_[k].values.size());
  }
}

LpPoint ClassWindows::settle(LpPoint point) {
  std::vector<std::size_t> too_narrow;
  while (true) {
    point = minimise_dual(curves_, open_.capacities(), std::move(point));
    too_narrow.clear();
    for (std::size_t k = 0; k < windows_.size(); ++k) {
      const ClassCurve& curve = curves_[k];
      const std::size_t taken = curve.taken_above(threshold(k, point));
      const bool ends_above = taken < kGuard || !point.is_optimal;
      const bool ends_below = curve.values.size() - taken < kGuard || !point.is_optimal;
      if ((curve.goes_on_above && ends_above) || (curve.goes_on_below && ends_below)) {
        too_narrow.push_back(k);
      }
    }
    if (too_narrow.empty()) return point;
    collect_wider(too_narrow, point);
  }
}

void ClassWindows::collect_wider(std::span<const std::size_t> classes, const LpPoint& point) {
  constexpr std::size_t kSample = 1024;
  for (const std::size_t k : classes) {
    const int widenings = windows_[k].widenings + 1;
    windows_[k] = Window();
    windows_[k].widenings = widenings;
    ++widenings_;
    const auto all = population(k);
    if (widenings > kMaxWidenings || all.size() <= kSample) continue;
    const double unit = static_cast<double>(all.size()) / static_cast<double>(kSample);
    aim(k, draw(all, kSample, random_), unit, threshold(k, point), std::pow(8.0, widenings - 1));
  }
  collect(classes);
  sort_windows(classes);
}

LpPoint ClassWindows::widen(std::span<const std::size_t> classes, LpPoint point) {
  collect_wider(classes, point);
  return settle(std::move(point));
}

}  // namespace espalier::solver
