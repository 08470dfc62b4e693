#include <algorithm>
#include <bit>
#include <string>

#include "espalier/solver/classes.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/exact.hpp"

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

void check_fixed(const ItemClass& klass, std::size_t c) {
  const auto size = static_cast<std::int64_t>(klass.profits.size());
  if (!klass.always.empty() || !klass.never.empty()) {
    std::vector<std::uint8_t> seen(klass.profits.size(), 0);
    mark(seen, klass.always, c);
    mark(seen, klass.never, c);
  }
  const std::int64_t available = size - static_cast<std::int64_t>(klass.never.size());
  if (klass.min_kept < 0 || klass.min_kept > available) {
    throw Error("the least number of items" + in_class(c) + " is " +
                std::to_string(klass.min_kept) + "; expected 0 to " + std::to_string(available));
  }
}

struct ProfitRange {
  Int128 magnitude = 0;
  std::uint64_t bits = 0;  ///< of all profits, or-ed
  std::int64_t least = kInt64Max;
  std::int64_t greatest = 0;
};

ProfitRange range_of(std::span<const std::int64_t> profits) {
  // Partial sums stay in 64 bits unsigned for a stretch, as long as each term is below 2^48.
  constexpr std::size_t kStretch = std::size_t{1} << 15;
  ProfitRange range;
  for (std::size_t begin = 0; begin < profits.size(); begin += kStretch) {
    const auto stretch = profits.subspan(begin, std::min(kStretch, profits.size() - begin));
    std::uint64_t sum = 0;
    std::uint64_t bits = 0;
    std::uint64_t all = 0;
    for (const std::int64_t p : stretch) {
      const std::uint64_t size =
          p < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(p) : static_cast<std::uint64_t>(p);
      sum += size;
      all |= size;
      bits |= static_cast<std::uint64_t>(p);
      range.least = std::min(range.least, p);
      range.greatest = std::max(range.greatest, p);
    }
    range.bits |= bits;
    if (all < std::uint64_t{1} << 48) {
      range.magnitude += sum;
    } else {
      for (const std::int64_t p : stretch) range.magnitude += p < 0 ? -Int128{p} : Int128{p};
    }
  }
  return range;
}

}  // namespace

ClassedProblem::ClassedProblem(std::vector<ItemClass> classes, std::vector<std::int64_t> capacities)
    : classes_(std::move(classes)), capacities_(std::move(capacities)) {
  if (capacities_.empty()) throw Error("the problem has no rows; expected at least one");
  Int128 total = 0;
  std::uint64_t bits = 0;
  for (std::size_t c = 0; c < classes_.size(); ++c) {
    const ItemClass& klass = classes_[c];
    if (klass.weights.size() != capacities_.size()) {
      throw Error("found " + std::to_string(klass.weights.size()) + " weights" + in_class(c) +
                  "; expected one per row, " + std::to_string(capacities_.size()));
    }
    num_items_ += static_cast<std::int64_t>(klass.profits.size());
    if (num_items_ >= std::int64_t{1} << 31) throw Error("the problem has 2^31 items or more");
    check_fixed(klass, c);
    const ProfitRange range = range_of(klass.profits);
    total += range.magnitude;
    if (total > kInt64Max) {
      throw Error("magnitudes of the profits up to class " + std::to_string(c) +
                  " sum to 2^63 or more; expected less");
    }
    bits |= range.bits;
    max_profit_ = std::max(max_profit_, range.greatest);
    has_unprofitable_.push_back(range.least <= 0 ? 1 : 0);
  }
  profit_unit_ = static_cast<std::int64_t>(bits & (~bits + 1));
  check_capacities(capacities_);
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
