#include "classes/class_windows.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <numeric>
#include <utility>

#include "classes/radix_sort.hpp"
#include "classes/rank_deviations.hpp"
#include "tasks/run_tasks.hpp"

namespace espalier::solver {
namespace {

/// Items that are sorted at once rather than sampled: this many, and per class.
constexpr std::size_t kSortAtOnce = 8192;
constexpr std::size_t kSortPerClass = 256;
/// Least sample of all classes, and of a class that is not taken whole.
constexpr std::size_t kLeastSamples = 2048;
constexpr std::size_t kLeastSample = 96;
/// Half width of a window in standard deviations of the sample's rank, and what is added to it.
constexpr double kDeviations = 3.0;
constexpr double kExtraRanks = 0.25;
/// When more of the samples has moved than this, they might as well know nothing of the past.
constexpr double kMostMoved = 0.2;
/// Items on either side of a threshold that are worth having: the search looks at some.
constexpr double kLeastHalfWidth = 32.0;
/// Ranks of a sample over which profits are taken as evenly spread.
constexpr double kReach = 8.0;
/// Values to be had on either side of a threshold, else the window is taken for too narrow.
constexpr std::size_t kGuard = 8;
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

/// The profit at the part `part` of the way from `near` to `far`, rounded towards `far`.
std::int64_t on_the_way(std::int64_t near, std::int64_t far, double part) {
  const auto length = static_cast<double>(far) - static_cast<double>(near);
  if (std::abs(part * length) >= std::abs(length)) return far;
  return near + static_cast<std::int64_t>(length < 0.0 ? std::floor(part * length)
                                                       : std::ceil(part * length));
}

}  // namespace

ClassWindows::ClassWindows(const OpenClasses& open, int threads)
    : open_(open), threads_(threads), samples_(open) {}

std::span<const std::int64_t> ClassWindows::population(std::size_t k) const {
  if (windows_[k].is_collected) return windows_[k].values;
  return open_.open()[k].profits;
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
  begin(open_.open().size());
  for (Window& window : windows_) window.open();
  std::size_t items = 0;
  for (const OpenClass& of : open_.open()) items += of.profits.size();
  samples_.place(std::max(kLeastSamples,
                          static_cast<std::size_t>(8.0 * std::sqrt(static_cast<double>(items)))),
                 random_);
  LpPoint point = samples_.minimise(expected);
  std::vector<std::size_t> all(windows_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const auto deviations = rank_deviations(samples_.curves(), point,
                                          independent_parts(samples_.curves(), point.multipliers));
  for (const std::size_t k : all) {
    aim(windows_[k], samples_.curves()[k], point.multipliers, deviations[k]);
  }
  collect(all);
  point = settle(shrink_and_sort(std::move(point)));
  samples_.remember(point.multipliers);
  return point;
}

LpPoint ClassWindows::narrow_again(const LpPoint& last, std::span<const std::uint8_t> is_replaced) {
  begin(open_.open().size());
  std::vector<std::size_t> kept;
  for (std::size_t k = 0; k < windows_.size(); ++k) {
    if (is_replaced[k] != 0 || !windows_[k].is_collected) continue;
    settle_changes(k);
    kept.push_back(k);
  }
  if (kept.size() == windows_.size()) {
    sort_windows(kept);
    LpPoint point = last;
    point.pivots = 0;
    point = minimise_dual(curves_, open_.capacities(), std::move(point));
    if (is_nearly_settled(point)) return settle(std::move(point));
  }
  if (!samples_.has_past()) return narrow(last.multipliers);
  LpPoint point = samples_.minimise_again();
  const std::vector<double> sampled = point.multipliers;
  point.multipliers = samples_.foretold();
  std::vector<double> moved = samples_.moved_parts(point.multipliers);
  if (moved.back() > kMostMoved) {
    point.multipliers = sampled;
    moved = independent_parts(samples_.curves(), sampled);
  }
  const auto deviations = rank_deviations(samples_.curves(), point, moved);
  std::vector<std::size_t> to_collect;
  for (std::size_t k = 0; k < windows_.size(); ++k) {
    Window aimed;
    aim(aimed, samples_.curves()[k], point.multipliers, deviations[k]);
    Window& window = windows_[k];
    const bool is_kept = std::binary_search(kept.begin(), kept.end(), k);
    if (is_kept && window.low <= aimed.low && window.high >= aimed.high) continue;
    window.open();
    window.low = aimed.low;
    window.high = aimed.high;
    to_collect.push_back(k);
  }
  collect(to_collect);
  point = shrink_and_sort(std::move(point));
  point = minimise_dual(curves_, open_.capacities(), std::move(point));
  if (!is_nearly_settled(point)) return narrow(point.multipliers);
  point = settle(std::move(point));
  samples_.remember(point.multipliers);
  return point;
}

void ClassWindows::change(std::size_t k, std::int32_t position, std::int64_t before,
                          std::int64_t now) {
  Window& window = windows_[k];
  if (!window.is_collected) return;
  window.collected.change(position, before, now);
  window.above += (now > window.high ? 1 : 0) - (before > window.high ? 1 : 0);
  if (window.has(before)) window.gone.push_back(before);
  if (window.has(now)) window.come.push_back(now);
}

void ClassWindows::begin(std::size_t classes) {
  windows_.resize(classes);
  for (Window& window : windows_) window.widenings = 0;
  sorted_items_ = 0;
  widenings_ = 0;
}

void ClassWindows::settle_changes(std::size_t k) {
  Window& window = windows_[k];
  window.collected.settle_changes(open_.open()[k].profits);
  sort_falling(window.come);
  sort_falling(window.gone);
  std::vector<std::int64_t> merged;
  merged.reserve(window.values.size() + window.come.size());
  std::merge(window.values.begin(), window.values.end(), window.come.begin(), window.come.end(),
             std::back_inserter(merged), std::greater<>());
  window.values.clear();
  std::set_difference(merged.begin(), merged.end(), window.gone.begin(), window.gone.end(),
                      std::back_inserter(window.values), std::greater<>());
  window.come.clear();
  window.gone.clear();
}

/// Narrows the windows until it is cheaper to sort than to sample them, and sorts them.
LpPoint ClassWindows::shrink_and_sort(LpPoint point) {
  const std::size_t enough = kSortAtOnce + kSortPerClass * windows_.size();
  std::size_t before = std::numeric_limits<std::size_t>::max();
  for (;;) {
    std::size_t now = 0;
    for (const Window& window : windows_) now += window.values.size();
    // Many equal profits cannot be told apart.
    if (now <= enough || now > before - before / 4) break;
    before = now;
    point = shrink(std::move(point), std::max(kLeastSamples, now / 16));
  }
  std::vector<std::size_t> all(windows_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  sort_windows(all);
  return point;
}

/// Narrows the windows by samples of what they hold; the minimum is expected near the multipliers
/// of the point.
LpPoint ClassWindows::shrink(LpPoint point, std::size_t sample_total) {
  std::size_t items = 0;
  for (const Window& window : windows_) items += window.values.size();
  std::vector<std::vector<std::int64_t>> samples(windows_.size());
  std::vector<ClassCurve> curves;
  for (std::size_t k = 0; k < windows_.size(); ++k) {
    const auto& all = windows_[k].values;
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
  point = moved(std::move(point), curves, multipliers);
  point = minimise_dual(curves, open_.capacities(), std::move(point));
  const auto deviations =
      rank_deviations(curves, point, independent_parts(curves, point.multipliers));
  for (std::size_t k = 0; k < windows_.size(); ++k) {
    if (curves[k].unit == 1.0) continue;
    aim(windows_[k], curves[k], point.multipliers, deviations[k]);
    filter(k);
  }
  return point;
}

/// Narrows a window around the threshold by a sample, in which that is off by a few deviations.
void ClassWindows::aim(Window& window, const ClassCurve& sample,
                       std::span<const double> multipliers, double deviation,
                       double margin_factor) const {
  if (sample.unit == 1.0) return;
  const auto& values = sample.values;
  const std::size_t taken = sample.taken_above(sample.threshold(multipliers));
  const double margin = std::max(margin_factor * (kExtraRanks + kDeviations * deviation),
                                 kLeastHalfWidth / sample.unit);
  // Within a few ranks a sample says little of how dense the profits are.
  const auto reach = static_cast<std::size_t>(std::ceil(std::max(margin, kReach)));
  if (margin <= static_cast<double>(taken) - 1.0) {
    const std::size_t ranks = std::min(reach, taken - 1);
    window.high = std::min(window.high, on_the_way(values[taken - 1], values[taken - 1 - ranks],
                                                   margin / static_cast<double>(ranks)));
  }
  const std::size_t below = values.size() - taken;
  if (margin <= static_cast<double>(below) - 1.0) {
    const std::size_t ranks = std::min(reach, below - 1);
    window.low = std::max(window.low, on_the_way(values[taken], values[taken + ranks],
                                                 margin / static_cast<double>(ranks)));
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
    window.collected.begin_pass(open_.open()[k].profits.size(), window.low, window.high);
    for (std::size_t piece = 0; piece < window.collected.pieces.size(); ++piece) {
      tasks.push_back({k, piece});
    }
  }
  run_tasks(threads_, tasks.size(), [&](std::size_t index) {
    const auto [k, piece] = tasks[index];
    windows_[k].collected.collect(open_.open()[k].profits, piece);
  });
  for (const std::size_t k : classes) {
    Window& window = windows_[k];
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
    Window& window = windows_[k];
    sort_falling(window.values);
    curves_[k] = curve(k, window.values, 1.0);
    if (window.low != window.collected.low || window.high != window.collected.high) {
      window.collected.tighten(window.low, window.high);
    }
  });
  for (const std::size_t k : classes) {
    sorted_items_ += static_cast<std::int64_t>(windows_[k].values.size());
  }
}

std::vector<std::size_t> ClassWindows::too_narrow(const LpPoint& point) const {
  std::vector<std::size_t> classes;
  for (std::size_t k = 0; k < windows_.size(); ++k) {
    const ClassCurve& curve = curves_[k];
    const std::size_t taken = curve.taken_above(curve.threshold(point.multipliers));
    const bool ends_above = taken < kGuard || !point.is_optimal;
    const bool ends_below = curve.values.size() - taken < kGuard || !point.is_optimal;
    if ((curve.goes_on_above && ends_above) || (curve.goes_on_below && ends_below)) {
      classes.push_back(k);
    }
  }
  return classes;
}

/// Whether few items would have to be looked at again.
bool ClassWindows::is_nearly_settled(const LpPoint& point) const {
  std::size_t items = 0;
  std::size_t again = 0;
  for (const OpenClass& of : open_.open()) items += of.profits.size();
  for (const std::size_t k : too_narrow(point)) again += open_.open()[k].profits.size();
  return again <= items / 4;
}

LpPoint ClassWindows::settle(LpPoint point) {
  while (true) {
    point = minimise_dual(curves_, open_.capacities(), std::move(point));
    const std::vector<std::size_t> classes = too_narrow(point);
    if (classes.empty()) return point;
    collect_wider(classes, point);
  }
}

void ClassWindows::collect_wider(std::span<const std::size_t> classes, const LpPoint& point) {
  constexpr std::size_t kSample = 1024;
  for (const std::size_t k : classes) {
    Window& window = windows_[k];
    window.open();
    const int widenings = ++window.widenings;
    ++widenings_;
    const auto all = population(k);
    if (widenings > kMaxWidenings || all.size() <= kSample) continue;
    const double unit = static_cast<double>(all.size()) / static_cast<double>(kSample);
    const auto sample = draw(all, kSample, random_);
    aim(window, curve(k, sample, unit), point.multipliers,
        0.5 * std::sqrt(static_cast<double>(kSample)), std::pow(8.0, widenings - 1));
  }
  collect(classes);
  sort_windows(classes);
}

LpPoint ClassWindows::widen(std::span<const std::size_t> classes, LpPoint point) {
  collect_wider(classes, point);
  return settle(std::move(point));
}

}  // namespace espalier::solver
