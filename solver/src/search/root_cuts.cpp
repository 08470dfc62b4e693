#include "search/root_cuts.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

#include "espalier/support/exact.hpp"

#include "cuts/cover.hpp"

namespace espalier::solver {
namespace {

constexpr int kMostRounds = 20;
/// Cuts per row of the problem that the relaxation may carry.
constexpr std::size_t kMostCutsPerRow = 1;
/// Cosine of the angle between two cuts from which on the less effective one adds nothing.
constexpr double kMostParallel = 0.95;
/// Multipliers of an aggregated row are rounded to this many bits.
constexpr int kMultiplierBits = 20;
/// Cuts whose multiplier is below this do nothing for the bound.
constexpr double kLeastDual = 1e-9;

std::unique_ptr<CoreProblem> with_cuts(const CoreProblem& core, const std::vector<Cut>& cuts) {
  auto extended = std::make_unique<CoreProblem>(core);
  for (const Cut& cut : cuts) {
    extended->weights.insert(extended->weights.end(), cut.coefficients.begin(),
                             cut.coefficients.end());
    extended->capacities.push_back(cut.right_side);
    ++extended->num_rows;
  }
  return extended;
}

/// Sum of the rows weighted by the multipliers, rounded to integers: implied by the rows for any
/// non-negative multipliers. Without coefficients when it could overflow.
Cut aggregate_rows(const CoreProblem& core, std::span<const double> multipliers) {
  Cut row;
  double largest = 0.0;
  for (const double y : multipliers) largest = std::max(largest, y);
  if (largest <= 0.0) return row;
  std::vector<std::int64_t> factors;
  Int128 capacity = 0;
  for (int i = 0; i < core.num_rows; ++i) {
    const auto index = static_cast<std::size_t>(i);
    const double scaled = std::ldexp(multipliers[index] / largest, kMultiplierBits);
    factors.push_back(static_cast<std::int64_t>(std::max(0.0, std::round(scaled))));
    capacity += Int128{factors.back()} * core.capacities[index];
  }
  if (!fits_int64(capacity)) return row;
  row.right_side = static_cast<std::int64_t>(capacity);
  for (int j = 0; j < core.num_items; ++j) {
    Int128 weight = 0;
    for (int i = 0; i < core.num_rows; ++i) {
      weight += Int128{factors[static_cast<std::size_t>(i)]} * core.weight(i, j);
    }
    if (!fits_int64(weight)) return {};
    row.coefficients.push_back(static_cast<std::int64_t>(weight));
  }
  return row;
}

double cosine(const Cut& a, const Cut& b) {
  double product = 0.0;
  double length_a = 0.0;
  double length_b = 0.0;
  for (std::size_t j = 0; j < a.coefficients.size(); ++j) {
    const auto left = static_cast<double>(a.coefficients[j]);
    const auto right = static_cast<double>(b.coefficients[j]);
    product += left * right;
    length_a += left * left;
    length_b += right * right;
  }
  return product / std::sqrt(length_a * length_b);
}

/// Drops every cut that is almost parallel to one before it.
void drop_parallel(std::vector<Cut>& cuts) {
  std::vector<Cut> kept;
  for (Cut& cut : cuts) {
    const bool is_new = std::none_of(kept.begin(), kept.end(), [&](const Cut& other) {
      return cosine(cut, other) > kMostParallel;
    });
    if (is_new) kept.push_back(std::move(cut));
  }
  cuts = std::move(kept);
}

/// Violated lifted covers of all rows of the original problem and of their aggregation, no two of
/// them almost parallel, the most effective first.
std::vector<Cut> separate(const CoreProblem& core, const RootRelaxation& root) {
  const std::vector<double> point = root.point();
  std::vector<Cut> found;
  const auto look_at = [&](std::span<const std::int64_t> weights, std::int64_t capacity) {
    if (auto cut = separate_lifted_cover(weights, capacity, point))
      found.push_back(*std::move(cut));
  };
  for (int i = 0; i < core.num_rows; ++i) {
    look_at(core.row(i), core.capacities[static_cast<std::size_t>(i)]);
  }
  const auto duals = root.duals();
  const Cut sum =
      aggregate_rows(core, std::span(duals).first(static_cast<std::size_t>(core.num_rows)));
  if (!sum.coefficients.empty()) look_at(sum.coefficients, sum.right_side);
  std::sort(found.begin(), found.end(),
            [&](const Cut& a, const Cut& b) { return efficacy(a, point) > efficacy(b, point); });
  drop_parallel(found);
  return found;
}

/// Forgets the cuts that the relaxation does not lean on.
void drop_slack_cuts(std::vector<Cut>& cuts, const CoreProblem& core, const RootRelaxation& root) {
  const auto duals = root.duals();
  auto row = static_cast<std::size_t>(core.num_rows);
  std::erase_if(cuts, [&](const Cut&) { return duals[row++] <= kLeastDual; });
}

}  // namespace

TightenedRoot tighten_root(const CoreProblem& core, const RootRelaxation& root,
                           std::int64_t incumbent, Limits& limits, Statistics& statistics,
                           double least_share) {
  TightenedRoot best;
  std::vector<Cut> cuts;
  const auto most_cuts = kMostCutsPerRow * static_cast<std::size_t>(core.num_rows);
  double bound = root.bound();
  for (int round = 0; round < kMostRounds && !limits.poll(0, 0); ++round) {
    std::vector<Cut> found = separate(core, best.relaxation ? *best.relaxation : root);
    statistics.cuts_separated += static_cast<std::int64_t>(found.size());
    if (found.empty() || cuts.size() >= most_cuts) break;
    found.resize(std::min(found.size(), most_cuts - cuts.size()));
    std::move(found.begin(), found.end(), std::back_inserter(cuts));
    auto extended = with_cuts(core, cuts);
    auto relaxation = std::make_unique<RootRelaxation>(*extended);
    statistics.lp_iterations += relaxation->lp_iterations();
    if (relaxation->bound() >= bound - kLeastDual) break;  // no progress: keep what there was
    bound = relaxation->bound();
    const std::size_t before = cuts.size();
    drop_slack_cuts(cuts, core, *relaxation);
    if (cuts.size() < before) {
      extended = with_cuts(core, cuts);
      relaxation = std::make_unique<RootRelaxation>(*extended);
    }
    best = {std::move(extended), std::move(relaxation)};
  }
  const double gap = root.bound() - static_cast<double>(incumbent);
  if (!best.core || root.bound() - bound < least_share * gap) return {};
  statistics.cuts_kept = best.core->num_rows - core.num_rows;
  return best;
}

}  // namespace espalier::solver
