#include "search/target_schedule.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::solver {
namespace {

/// Expected ratio of the nodes of one search to those of the search before.
constexpr double kGrowth = 3.0;
/// Searches smaller than this say nothing about the growth: the distance is doubled.
constexpr double kTinySearch = 1000.0;
/// The first distance as a part of the distance to the known solution.
constexpr double kFirstShare = 1.0 / 16.0;

}  // namespace

TargetSchedule::TargetSchedule(std::int64_t bound, std::int64_t incumbent)
    : distance_(std::max(1.0, kFirstShare * static_cast<double>(bound - incumbent))),
      bound_(bound),
      incumbent_(incumbent),
      target_(std::max(bound - static_cast<std::int64_t>(distance_), incumbent + 1)) {}

void TargetSchedule::failed(std::int64_t nodes) {
  const double now = static_cast<double>(std::max<std::int64_t>(nodes, 1));
  double next = 2.0 * distance_;
  if (now > kTinySearch && last_distance_ > 0.0 && now > last_nodes_) {
    rate_ = std::log(now / last_nodes_) / (std::sqrt(distance_) - std::sqrt(last_distance_));
    const double root = std::sqrt(distance_) + std::log(kGrowth) / rate_;
    next = std::clamp(root * root, 1.03 * distance_, next);
  }
  last_nodes_ = now;
  last_distance_ = distance_;
  distance_ = std::max(next, distance_ + 1.0);
  target_ = incumbent_ + 1;
  if (distance_ < static_cast<double>(bound_ - incumbent_)) {
    target_ = std::max(target_, bound_ - static_cast<std::int64_t>(distance_));
  }
}

double TargetSchedule::expected_nodes(std::int64_t objective) const {
  if (rate_ == 0.0) return 0.0;
  const double distance = static_cast<double>(std::max<std::int64_t>(bound_ - objective, 0));
  return last_nodes_ * std::exp(rate_ * (std::sqrt(distance) - std::sqrt(last_distance_)));
}

}  // namespace espalier::solver
