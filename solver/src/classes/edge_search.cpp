#include "classes/edge_search.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace espalier::solver {
namespace {

/// Items that are merged before the lists are bracketed, those of one value counted once.
constexpr int kMostStops = 160;
/// The stops after which it is first asked whether so many will do.
constexpr int kFirstStops = 16;

}  // namespace

void EdgeSearch::add(const ClassCurve& curve, int class_index, double threshold, std::size_t taken,
                     double rate) {
  const std::size_t length = rate > 0.0 ? taken - curve.first : curve.values.size() - taken;
  if (length == 0) return;
  Line line{};
  // A rising threshold meets the items that are taken, the worst of them first.
  line.first = rate > 0.0 ? &curve.values[taken - 1] : &curve.values[taken];
  line.stride = rate > 0.0 ? -1 : 1;
  line.class_index = class_index;
  line.threshold = threshold;
  line.pace = 1.0 / rate;
  line.length = length;
  line.weight = std::abs(rate) * curve.unit;
  lines_.push_back(line);
}

double EdgeSearch::slope_at(double slope, double distance, bool strictly) {
  slope += passed_;
  for (std::size_t k = 0; k < active_; ++k) {
    Line& line = lines_[k];
    line.middle = line.within(distance, strictly);
    slope += line.weight * static_cast<double>(line.middle);
  }
  return slope;
}

void EdgeSearch::raise_lows() {
  for (std::size_t k = 0; k < active_; ++k) {
    if (lines_[k].low != lines_[k].middle) lines_[k].pass(lines_[k].middle);
  }
}

void EdgeSearch::lower_highs() {
  for (std::size_t k = 0; k < active_; ++k) lines_[k].high = lines_[k].middle;
}

std::optional<EdgeSearch::Stop> EdgeSearch::merge(double slope) {
  heap_.clear();
  for (std::size_t k = 0; k < lines_.size(); ++k) {
    lines_[k].pass(0);
    heap_.push_back({lines_[k].nearest, k});
  }
  const auto is_further = [](const Next& a, const Next& b) { return a.distance > b.distance; };
  std::make_heap(heap_.begin(), heap_.end(), is_further);
  const double start = slope;
  for (int stops = 0; stops < kMostStops && !heap_.empty(); ++stops) {
    if (stops == kFirstStops && start * kFirstStops < (start - slope) * kMostStops) break;
    std::pop_heap(heap_.begin(), heap_.end(), is_further);
    const Next next = heap_.back();
    heap_.pop_back();
    Line& line = lines_[next.line];
    const std::int64_t value = line.value(line.low);
    const std::size_t begin = line.low;
    line.pass(line.end_of_run(begin));
    slope += line.weight * static_cast<double>(line.low - begin);
    if (slope >= 0.0) return Stop{next.distance, value, line.class_index};
    if (line.low == line.length) continue;
    heap_.push_back({line.nearest, next.line});
    std::push_heap(heap_.begin(), heap_.end(), is_further);
  }
  return std::nullopt;
}

std::optional<EdgeSearch::Bracket> EdgeSearch::bracket(double slope) {
  constexpr std::size_t kFirstStep = 8;
  Bracket found{0.0, slope, 0.0, 0.0};
  for (std::size_t step = kFirstStep;; step *= 8) {
    double distance = std::numeric_limits<double>::infinity();
    for (Line& line : lines_) {
      line.high = std::min(line.length, line.low + step);
      if (line.high == line.length || line.nearest >= distance) continue;
      distance = std::min(distance, line.distance(line.high - 1));
    }
    const double there = slope_at(slope, distance, false);
    if (there >= 0.0) {
      lower_highs();
      found.high = distance;
      found.high_slope = there;
      return found;
    }
    if (distance == std::numeric_limits<double>::infinity()) return std::nullopt;
    raise_lows();
    found.low = distance;
    found.low_slope = there;
  }
}

void EdgeSearch::interpolate(double slope, Bracket bracket) {
  constexpr int kMostSteps = 12;
  constexpr std::size_t kFewItems = 16;
  int last_side = 0;
  for (int step = 0; step < kMostSteps; ++step) {
    park_lines();
    if (open_items() <= kFewItems) break;
    const double part = bracket.low_slope / (bracket.low_slope - bracket.high_slope);
    const double distance = bracket.low + part * (bracket.high - bracket.low);
    if (!(distance > bracket.low && distance < bracket.high)) break;
    const double there = slope_at(slope, distance, false);
    const int side = there < 0.0 ? -1 : 1;
    // The end that stays twice counts half (Illinois): the next step then falls on its side.
    if (side < 0) {
      raise_lows();
      bracket.low = distance;
      bracket.low_slope = there;
      if (last_side == side) bracket.high_slope /= 2.0;
    } else {
      lower_highs();
      bracket.high = distance;
      bracket.high_slope = there;
      if (last_side == side) bracket.low_slope /= 2.0;
    }
    last_side = side;
  }
  // A slope of zero but for rounding may have been taken for either sign: then the stop is one of
  // the items passed last.
  if (open_items() > 0) return;
  active_ = lines_.size();
  passed_ = 0.0;
  for (Line& line : lines_) {
    if (line.low > 0) line.pass(line.low - 1);
  }
}

std::size_t EdgeSearch::open_items() const {
  std::size_t items = 0;
  for (std::size_t k = 0; k < active_; ++k) items += lines_[k].high - lines_[k].low;
  return items;
}

void EdgeSearch::park_lines() {
  std::size_t k = 0;
  while (k < active_) {
    Line& line = lines_[k];
    if (line.low < line.high) {
      ++k;
      continue;
    }
    passed_ += line.weight * static_cast<double>(line.low);
    std::swap(line, lines_[--active_]);
  }
}

std::optional<EdgeSearch::Stop> EdgeSearch::find(double slope) {
  if (const auto stop = merge(slope)) return stop;
  active_ = lines_.size();
  const auto bracketed = bracket(slope);
  if (!bracketed) return std::nullopt;
  // The slope is negative when `low` items of each line are passed, not so with `high`.
  interpolate(slope, *bracketed);
  Stop stop;
  while (true) {
    park_lines();
    // A slope of zero but for rounding may have been taken for either sign: it is at the last stop.
    if (active_ == 0) return stop;
    const Line line = *std::max_element(
        lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(active_),
        [](const Line& a, const Line& b) { return a.high - a.low < b.high - b.low; });
    const std::size_t k = line.low + (line.high - line.low) / 2;
    stop = {line.distance(k), line.value(k), line.class_index};
    if (slope_at(slope, stop.distance, false) < 0.0) {
      raise_lows();
      continue;
    }
    if (slope_at(slope, stop.distance, true) < 0.0) return stop;
    lower_highs();
  }
}

}  // namespace espalier::solver
