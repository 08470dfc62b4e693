#include <algorithm>
#include <string>

#include "espalier/solver/classes.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/exact.hpp"

#include "classes/profit_kernels.hpp"

namespace espalier::solver {
namespace {

std::string in_class(std::size_t c) { return " of class " + std::to_string(c); }

/// Marks the positions in `seen`; refuses those outside the class and those seen before.
void mark(std::vector<std::uint8_t>& seen, const std::vector<std::int32_t>& positions,
          std::size_t c) {
  for (const std::int32_t j : positions) {
    if (j < 0 || static_cast<std::size_t>(j) >= seen.size()) {
      throw Error("fixed item " + std::to_string(j) + in_class(c) +
                  " does not exist; expected 0 to " +
                  std::to_string(static_cast<std::int64_t>(seen.size()) - 1));
    }
    auto& flag = seen[static_cast<std::size_t>(j)];
    if (flag != 0) throw Error("item " + std::to_string(j) + in_class(c) + " is fixed twice");
    flag = 1;
  }
}

void check_floor(const ItemClass& klass, std::int64_t min_kept, std::size_t c) {
  const auto available = static_cast<std::int64_t>(klass.profits.size() - klass.never.size());
  if (min_kept >= 0 && min_kept <= available) return;
  throw Error("the least number of items" + in_class(c) + " is " + std::to_string(min_kept) +
              "; expected 0 to " + std::to_string(available));
}

void check_fixed(const ItemClass& klass, std::size_t c) {
  if (!klass.always.empty() || !klass.never.empty()) {
    std::vector<std::uint8_t> seen(klass.profits.size(), 0);
    mark(seen, klass.always, c);
    mark(seen, klass.never, c);
  }
  check_floor(klass, klass.min_kept, c);
}

[[noreturn]] void fail_magnitude(std::size_t c) {
  throw Error("magnitudes of the profits up to class " + std::to_string(c) +
              " sum to 2^63 or more; expected less");
}

Int128 magnitude_of(std::int64_t profit) { return profit < 0 ? -Int128{profit} : Int128{profit}; }

}  // namespace

ClassedProblem::ClassedProblem(std::vector<ItemClass> classes, std::vector<std::int64_t> capacities)
    : classes_(std::move(classes)), capacities_(std::move(capacities)) {
  if (capacities_.empty()) throw Error("the problem has no rows; expected at least one");
  for (std::size_t c = 0; c < classes_.size(); ++c) {
    const ItemClass& klass = classes_[c];
    if (klass.weights.size() != capacities_.size()) {
      throw Error("found " + std::to_string(klass.weights.size()) + " weights" + in_class(c) +
                  "; expected one per row, " + std::to_string(capacities_.size()));
    }
    num_items_ += static_cast<std::int64_t>(klass.profits.size());
    if (num_items_ >= std::int64_t{1} << 31) throw Error("the problem has 2^31 items or more");
    check_fixed(klass, c);
    summaries_.push_back(summarise(c, klass.profits));
    magnitude_ += summaries_.back().magnitude;
  }
  check_capacities(capacities_);
}

/// What the profits of class `c` would be if they were these.
ClassedProblem::ProfitSummary ClassedProblem::summarise(
    std::size_t c, std::span<const std::int64_t> profits) const {
  // Partial sums stay in 64 bits unsigned for a stretch, as long as each term is below 2^48.
  constexpr std::size_t kStretch = std::size_t{1} << 15;
  ProfitSummary summary;
  Int128 magnitude = 0;
  for (std::size_t begin = 0; begin < profits.size(); begin += kStretch) {
    const auto stretch = profits.subspan(begin, std::min(kStretch, profits.size() - begin));
    const ProfitRange range = profit_kernels().range(stretch.data(), stretch.size());
    summary.bits |= range.bits;
    summary.least = std::min(summary.least, range.least);
    summary.greatest = std::max(summary.greatest, range.greatest);
    if (range.magnitudes < std::uint64_t{1} << 48) {
      magnitude += range.sum;
    } else {
      for (const std::int64_t p : stretch) magnitude += magnitude_of(p);
    }
  }
  if (magnitude_besides(c) + magnitude > kInt64Max) fail_magnitude(c);
  summary.magnitude = static_cast<std::int64_t>(magnitude);
  return summary;
}

std::int64_t ClassedProblem::magnitude_besides(std::size_t c) const noexcept {
  return magnitude_ - (c < summaries_.size() ? summaries_[c].magnitude : 0);
}

void ClassedProblem::check_class(std::size_t c) const {
  if (c < classes_.size()) return;
  throw Error("there is no class " + std::to_string(c) + "; expected 0 to " +
              std::to_string(static_cast<std::int64_t>(classes_.size()) - 1));
}

std::int64_t ClassedProblem::profit_unit() const noexcept {
  std::uint64_t bits = 0;
  for (const ProfitSummary& summary : summaries_) bits |= summary.bits;
  return static_cast<std::int64_t>(bits & (~bits + 1));
}

std::int64_t ClassedProblem::max_profit() const noexcept {
  std::int64_t greatest = 0;
  for (const ProfitSummary& summary : summaries_) greatest = std::max(greatest, summary.greatest);
  return greatest;
}

std::vector<std::int64_t> ClassedProblem::set_profits(std::size_t c,
                                                      std::vector<std::int64_t> profits) {
  check_class(c);
  if (profits.size() != classes_[c].profits.size()) {
    throw Error("found " + std::to_string(profits.size()) + " profits" + in_class(c) +
                "; expected " + std::to_string(classes_[c].profits.size()));
  }
  const ProfitSummary summary = summarise(c, profits);
  magnitude_ = magnitude_besides(c) + summary.magnitude;
  summaries_[c] = summary;
  classes_[c].profits.swap(profits);
  return profits;
}

std::vector<ProfitChange> ClassedProblem::change_profits(std::size_t c,
                                                         std::span<const ProfitChange> changes) {
  check_class(c);
  auto& profits = classes_[c].profits;
  for (const ProfitChange& change : changes) {
    if (change.position >= 0 && static_cast<std::size_t>(change.position) < profits.size()) {
      continue;
    }
    throw Error("item " + std::to_string(change.position) + in_class(c) +
                " does not exist; expected 0 to " +
                std::to_string(static_cast<std::int64_t>(profits.size()) - 1));
  }
  std::vector<ProfitChange> former;
  former.reserve(changes.size());
  ProfitSummary summary = summaries_[c];
  Int128 magnitude = summary.magnitude;
  bool is_loose = false;
  constexpr std::size_t kAhead = 24;
  for (std::size_t k = 0; k < changes.size(); ++k) {
    if (k + kAhead < changes.size()) {
      __builtin_prefetch(&profits[static_cast<std::size_t>(changes[k + kAhead].position)], 1);
    }
    const ProfitChange& change = changes[k];
    std::int64_t& profit = profits[static_cast<std::size_t>(change.position)];
    former.push_back({change.position, profit});
    is_loose |= profit == summary.greatest || profit == summary.least;
    magnitude += magnitude_of(change.profit) - magnitude_of(profit);
    profit = change.profit;
    summary.bits |= static_cast<std::uint64_t>(profit);
    summary.least = std::min(summary.least, profit);
    summary.greatest = std::max(summary.greatest, profit);
  }
  if (magnitude_besides(c) + magnitude > kInt64Max) {
    for (std::size_t k = former.size(); k-- > 0;) {
      profits[static_cast<std::size_t>(former[k].position)] = former[k].profit;
    }
    fail_magnitude(c);
  }
  summary.magnitude = static_cast<std::int64_t>(magnitude);
  magnitude_ = magnitude_besides(c) + summary.magnitude;
  summaries_[c] = is_loose ? summarise(c, profits) : summary;
  return former;
}

void ClassedProblem::set_min_kept(std::size_t c, std::int64_t min_kept) {
  check_class(c);
  check_floor(classes_[c], min_kept, c);
  classes_[c].min_kept = min_kept;
}

void ClassedProblem::check_capacities(std::span<const std::int64_t> capacities) const {
  const auto rows = static_cast<std::size_t>(num_rows());
  if (capacities.size() != rows) {
    throw Error("found " + std::to_string(capacities.size()) +
                " capacities; expected one per row, " + std::to_string(rows));
  }
  for (std::size_t i = 0; i < rows; ++i) {
    const std::string in_row = " in row " + std::to_string(i);
    const Int128 capacity = capacities[i];
    Int128 total = capacity < 0 ? -capacity : capacity;
    for (std::size_t c = 0; c < classes_.size(); ++c) {
      const std::int64_t weight = classes_[c].weights[i];
      if (weight < 0) {
        throw Error("the weight" + in_class(c) + in_row + " is " + std::to_string(weight) +
                    "; expected 0 or more");
      }
      total += Int128{weight} * static_cast<std::int64_t>(classes_[c].profits.size());
      if (total > kInt64Max) {
        throw Error("capacity and weights up to class " + std::to_string(c) + in_row +
                    " sum to 2^63 or more; expected less");
      }
    }
  }
}

void ClassedProblem::set_capacities(std::vector<std::int64_t> capacities) {
  check_capacities(capacities);
  capacities_ = std::move(capacities);
}

}  // namespace espalier::solver
