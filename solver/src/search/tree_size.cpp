#include "search/tree_size.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace espalier::solver {
namespace {

constexpr double kPerSet = 0.63;
constexpr double kConstant = 7.9;
constexpr double kPerRootOfRows = -4.1;

/// Steps that the distance is divided into. Costs are rounded to the next, as errors up and down
/// cancel out over a set.
constexpr std::size_t kSteps = 256;
/// With more items within the distance the number of sets may overflow.
constexpr std::ptrdiff_t kMostItems = 1000;

}  // namespace

TreeSize::TreeSize(const std::vector<double>& reduced_costs, double bound, int rows)
    : bound_(bound), exponent_(kConstant + kPerRootOfRows * std::sqrt(rows)) {
  for (const double cost : reduced_costs) costs_.push_back(std::abs(cost));
  std::sort(costs_.begin(), costs_.end());
}

double TreeSize::nodes(std::int64_t objective) const {
  const double distance = bound_ - static_cast<double>(objective);
  if (distance <= 0.0) return 0.0;
  const auto end = std::upper_bound(costs_.begin(), costs_.end(), distance);
  if (end - costs_.begin() > kMostItems) return std::numeric_limits<double>::infinity();
  std::vector<double> sets(kSteps + 1, 0.0);
  sets[0] = 1.0;
  for (auto cost = costs_.begin(); cost != end; ++cost) {
    const auto step = static_cast<std::size_t>(std::lround(*cost / distance * kSteps));
    for (std::size_t k = kSteps; k >= step; --k) {
      sets[k] += sets[k - step];
      if (k == step) break;
    }
  }
  double all = 0.0;
  for (const double count : sets) all += count;
  return std::exp2(kPerSet * std::log2(all) + exponent_);
}

}  // namespace espalier::solver
