#include "espalier/solver/real_profits.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "espalier/support/error.hpp"

namespace espalier::solver {
namespace {

/// Sums the magnitudes of profits in several spans.
class MagnitudeSum {
 public:
  void add(std::span<const double> profits) {
    // Several sums that do not wait for one another.
    std::size_t k = 0;
    for (; k + 4 <= profits.size(); k += 4) {
      for (std::size_t i = 0; i < 4; ++i) sums_[i] += std::abs(profits[k + i]);
    }
    for (; k < profits.size(); ++k) sums_[0] += std::abs(profits[k]);
    count_ += profits.size();
  }

  /// Not below the exact sum: each addition loses at most a relative 2^-53 in any order, and so
  /// does the factor itself; doubled to be safe. Not finite where a profit or the sum is not.
  double rounded_up() const {
    const double relative = 2.0 * static_cast<double>(count_ + 5) * 0x1.0p-53;
    return ((sums_[0] + sums_[1]) + (sums_[2] + sums_[3])) * (1.0 + relative);
  }
  std::size_t count() const noexcept { return count_; }

 private:
  double sums_[4] = {};
  std::size_t count_ = 0;
};

[[noreturn]] void fail_of_profit(std::size_t item, const std::string& where, double profit) {
  throw Error("the profit of item " + std::to_string(item) + where + " is " +
              std::to_string(profit) + "; expected a finite number");
}

/// Throws Error when a profit is not finite.
void check_finite(std::span<const double> profits, const std::string& where) {
  const auto bad = std::find_if(profits.begin(), profits.end(),
                                [](double profit) { return !std::isfinite(profit); });
  if (bad == profits.end()) return;
  fail_of_profit(static_cast<std::size_t>(bad - profits.begin()), where, *bad);
}

ProfitScale scale_of(const MagnitudeSum& sum, int bits) {
  if (bits < 1 || bits > kFineProfitBits) {
    throw Error("the scaled profits are to have " + std::to_string(bits) + " bits; expected 1 to " +
                std::to_string(kFineProfitBits));
  }
  if (sum.count() >= std::size_t{1} << 31) throw Error("there are 2^31 profits or more");
  const double total = sum.rounded_up();
  if (!std::isfinite(total)) throw Error("the magnitudes of the profits sum to infinity");
  ProfitScale scale;
  int total_exponent = 0;  // total < 2^total_exponent
  std::frexp(total, &total_exponent);
  scale.exponent = total > 0.0 ? bits - total_exponent : 0;
  scale.error = std::ldexp(static_cast<double>(sum.count()), -scale.exponent);
  return scale;
}

std::vector<std::int64_t> scaled_by(int exponent, std::span<const double> profits) {
  std::vector<std::int64_t> scaled;
  scaled.reserve(profits.size());
  // Where the power of two is a double, the product is as exact as ldexp() and much faster.
  if (exponent > -1000 && exponent < 1000) {
    const double factor = std::ldexp(1.0, exponent);
    for (const double profit : profits) scaled.push_back(std::llround(profit * factor));
  } else {
    for (const double profit : profits) {
      scaled.push_back(std::llround(std::ldexp(profit, exponent)));
    }
  }
  return scaled;
}

std::string in_class(std::size_t c) { return " of class " + std::to_string(c); }

}  // namespace

double ProfitScale::in_real_units(std::int64_t sum) const noexcept {
  return std::ldexp(static_cast<double>(sum), -exponent);
}

ScaledProfits scale_profits(std::span<const double> profits, int bits) {
  MagnitudeSum sum;
  sum.add(profits);
  if (!std::isfinite(sum.rounded_up())) check_finite(profits, "");
  const ProfitScale scale = scale_of(sum, bits);
  return {scaled_by(scale.exponent, profits), scale};
}

RealClassedProblem scale_classes(std::span<const RealItemClass> classes,
                                 std::vector<std::int64_t> capacities) {
  MagnitudeSum sum;
  for (const RealItemClass& klass : classes) sum.add(klass.profits);
  if (!std::isfinite(sum.rounded_up())) {
    for (std::size_t c = 0; c < classes.size(); ++c) check_finite(classes[c].profits, in_class(c));
  }
  const ProfitScale scale = scale_of(sum, kFineProfitBits);
  std::vector<ItemClass> scaled;
  scaled.reserve(classes.size());
  for (const RealItemClass& klass : classes) {
    scaled.push_back({klass.weights, scaled_by(scale.exponent, klass.profits), klass.min_kept,
                      klass.always, klass.never});
  }
  return {ClassedProblem(std::move(scaled), std::move(capacities)), scale};
}

RealClassedResult solve_classed(const RealClassedProblem& problem, const SolveOptions& options,
                                const ClassedStart& start) {
  ClassedResult scaled = solve_classed(problem.problem, options, start);
  RealClassedResult result;
  result.status = scaled.status;
  result.stop_reason = scaled.stop_reason;
  result.objective = problem.scale.in_real_units(scaled.objective);
  result.bound = problem.scale.in_real_units(scaled.bound);
  result.scaling_error = problem.scale.error;
  result.selected = std::move(scaled.selected);
  result.next = std::move(scaled.next);
  result.statistics = scaled.statistics;
  return result;
}

}  // namespace espalier::solver
