#include "classes/edge_search.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::solver {
namespace {

/// Items that are merged before the lists are bracketed.
constexpr int kMostStops = 160;

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
  for (Line& line : lines_) {
    std::size_t low = line.low;
    std::size_t high = line.high;
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      const double there = line.distance(middle);
      if (strictly ? there < distance : there <= distance) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    line.middle = low;
    slope += line.weight * static_cast<double>(low);
  }
  return slope;
}

std::optional<EdgeSearch::Stop> EdgeSearch::merge(double slope) {
  heap_.clear();
  for (std::size_t k = 0; k < lines_.size(); ++k) {
    lines_[k].low = 0;
    heap_.push_back({lines_[k].distance(0), k});
  }
  const auto is_further = [](const Next& a, const Next& b) { return a.distance > b.distance; };
  std::make_heap(heap_.begin(), heap_.end(), is_further);
  for (int stops = 0; stops < kMostStops && !heap_.empty(); ++stops) {
    std::pop_heap(heap_.begin(), heap_.end(), is_further);
    const Next next = heap_.back();
    heap_.pop_back();
    Line& line = lines_[next.line];
    const std::int64_t value = line.value(line.low);
    const std::size_t begin = line.low;
    line.low = line.end_of_run(begin);
    slope += line.weight * static_cast<double>(line.low - begin);
    if (slope >= 0.0) return Stop{next.distance, value, line.class_index};
    if (line.low == line.length) continue;
    heap_.push_back({line.distance(line.low), next.line});
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
      if (line.high < line.length) distance = std::min(distance, line.distance(line.high - 1));
    }
    const double there = slope_at(slope, distance, false);
    if (there >= 0.0) {
      for (Line& line : lines_) line.high = line.middle;
      found.high = distance;
      found.high_slope = there;
      return found;
    }
    if (distance == std::numeric_limits<double>::infinity()) return std::nullopt;
    for (Line& line : lines_) line.low = line.middle;
    found.low = distance;
    found.low_slope = there;
  }
}

void EdgeSearch::interpolate(double slope, Bracket bracket) {
  constexpr int kMostSteps = 12;
  constexpr std::size_t kFewItems = 16;
  int last_side = 0;
  for (int step = 0; step < kMostSteps; ++step) {
    if (open_items() <= kFewItems) break;
    const double part = bracket.low_slope / (bracket.low_slope - bracket.high_slope);
    const double distance = bracket.low + part * (bracket.high - bracket.low);
    if (!(distance > bracket.low && distance < bracket.high)) break;
    const double there = slope_at(slope, distance, false);
    const int side = there < 0.0 ? -1 : 1;
    // The end that stays twice counts half (Illinois): the next step then falls on its side.
    if (side < 0) {
      for (Line& line : lines_) line.low = line.middle;
      bracket.low = distance;
      bracket.low_slope = there;
      if (last_side == side) bracket.high_slope /= 2.0;
    } else {
      for (Line& line : lines_) line.high = line.middle;
      bracket.high = distance;
      bracket.high_slope = there;
      if (last_side == side) bracket.low_slope /= 2.0;
    }
    last_side = side;
  }
  // A slope of zero but for rounding may have been taken for either sign: then the stop is one of
  // the items passed last.
  if (open_items() > 0) return;
  for (Line& line : lines_) line.low -= line.low > 0 ? 1 : 0;
}

std::size_t EdgeSearch::open_items() const {
  std::size_t items = 0;
  for (const Line& line : lines_) items += line.high - line.low;
  return items;
}

bool EdgeSearch::is_short(double slope) const {
  double weights = 0.0;
  for (const Line& line : lines_) weights += line.weight;
  return -slope * static_cast<double>(lines_.size()) <= kMostStops * weights;
}

double EdgeSearch::close_lines(double slope) {
  std::size_t kept = 0;
  for (std::size_t k = 0; k < lines_.size(); ++k) {
    if (lines_[k].low == lines_[k].high) {
      slope += lines_[k].weight * static_cast<double>(lines_[k].low);
    } else {
      lines_[kept++] = lines_[k];
    }
  }
  lines_.resize(kept);
  return slope;
}

std::optional<EdgeSearch::Stop> EdgeSearch::find(double slope) {
  if (is_short(slope)) {
    if (const auto stop = merge(slope)) return stop;
  }
  if (lines_.empty()) return std::nullopt;
  const auto bracketed = bracket(slope);
  if (!bracketed) return std::nullopt;
  // The slope is negative when `low` items of each line are passed, not so with `high`.
  interpolate(slope, *bracketed);
  Stop stop;
  while (true) {
    slope = close_lines(slope);
    // A slope of zero but for rounding may have been taken for either sign: it is at the last stop.
    if (lines_.empty()) return stop;
    const Line line = *std::max_element(
        lines_.begin(), lines_.end(),
        [](const Line& a, const Line& b) { return a.high - a.low < b.high - b.low; });
    const std::size_t k = line.low + (line.high - line.low) / 2;
    stop = {line.distance(k), line.value(k), line.class_index};
    if (slope_at(slope, stop.distance, false) < 0.0) {
      for (Line& other : lines_) other.low = other.middle;
      continue;
    }
    if (slope_at(slope, stop.distance, true) < 0.0) return stop;
    for (Line& other : lines_) other.high = other.middle;
  }
}

}  // namespace espalier::solver
