#include "classes/edge_search.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::solver {

void EdgeSearch::add(const ClassCurve& curve, int class_index, double threshold, std::size_t taken,
                     double rate) {
  const std::size_t length = rate > 0.0 ? taken - curve.first : curve.values.size() - taken;
  if (length == 0) return;
  Line line{};
  line.curve = &curve;
  line.class_index = class_index;
  line.threshold = threshold;
  line.rate = rate;
  line.taken = taken;
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

bool EdgeSearch::bracket(double slope) {
  constexpr std::size_t kFirstStep = 8;
  for (Line& line : lines_) line.low = 0;
  for (std::size_t step = kFirstStep;; step *= 8) {
    double distance = std::numeric_limits<double>::infinity();
    for (Line& line : lines_) {
      line.high = std::min(line.length, step);
      if (line.high < line.length) distance = std::min(distance, line.distance(line.high - 1));
    }
    const bool is_everything = distance == std::numeric_limits<double>::infinity();
    if (slope_at(slope, distance, false) >= 0.0) {
      for (Line& line : lines_) line.high = line.middle;
      return true;
    }
    if (is_everything) return false;
    for (Line& line : lines_) line.low = line.middle;
  }
}

std::optional<EdgeSearch::Stop> EdgeSearch::find(double slope) {
  if (lines_.empty() || !bracket(slope)) return std::nullopt;
  // The slope is negative when `low` items of each line are passed, not so with `high`.
  while (true) {
    std::size_t longest = 0;
    for (std::size_t k = 1; k < lines_.size(); ++k) {
      if (lines_[k].high - lines_[k].low > lines_[longest].high - lines_[longest].low) longest = k;
    }
    const Line& line = lines_[longest];
    if (line.high == line.low) return std::nullopt;  // rounding of the slope only
    const std::size_t k = line.low + (line.high - line.low) / 2;
    const double distance = line.distance(k);
    if (slope_at(slope, distance, false) < 0.0) {
      for (Line& other : lines_) other.low = other.middle;
      continue;
    }
    if (slope_at(slope, distance, true) < 0.0) {
      return Stop{longest, distance, line.value(k), line.class_index};
    }
    for (Line& other : lines_) other.high = other.middle;
  }
}

}  // namespace espalier::solver
