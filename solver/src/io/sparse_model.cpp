#include "io/sparse_model.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "espalier/support/error.hpp"
#include "espalier/support/exact.hpp"

namespace espalier::solver::io {
namespace {

/// The dense matrix of a problem is refused above 2^30 weights (8 GiB).
constexpr std::size_t kMostWeights = std::size_t{1} << 30;

int common_exponent(const std::vector<Term>& terms, Decimal constant) noexcept {
  int exponent = constant.decimals;
  for (const Term& term : terms) exponent = std::max(exponent, term.coefficient.decimals);
  return exponent;
}

class SparseBuilder {
 public:
  SparseBuilder(const SourceText& source, SparseModel& model) : source_(source), model_(model) {}

  Instance build() {
    const std::size_t items = model_.columns.size();
    const std::size_t rows = model_.rows.size();
    if (items == 0) source_.fail(source_.end(), "the model has no columns; expected at least one");
    if (rows == 0) source_.fail(source_.end(), "the model has no rows; expected at least one");
    if (rows > kMostWeights / items) {
      source_.fail(source_.end(), std::to_string(rows) + " rows and " + std::to_string(items) +
                                      " columns; expected at most 2^30 coefficients");
    }
    const int exponent = common_exponent(model_.objective, model_.objective_constant);
    auto profits = scale_objective(exponent);
    std::vector<std::int64_t> weights(items * rows, 0);
    std::vector<std::int64_t> capacities;
    sign_row_.assign(items, kNoRow);
    for (std::size_t i = 0; i < rows; ++i) {
      capacities.push_back(scale_row(i, std::span(weights).subspan(i * items, items)));
    }
    const auto offset = scaled(model_.objective_constant, exponent);
    if (!offset) source_.fail(model_.objective_place, "the objective's constant reaches 2^63");
    return {.name = source_.instance_name,
            .problem = Problem(std::move(profits), std::move(weights), std::move(capacities)),
            .known_optimum = std::nullopt,
            .sense = model_.is_maximisation ? 1 : -1,
            .scale = power_of_ten(exponent),
            .offset = *offset,
            .row_scales = std::move(row_scales_),
            .item_names = std::move(model_.columns)};
  }

 private:
  static constexpr std::int32_t kNoRow = -1;

  std::vector<std::int64_t> scale_objective(int exponent) {
    std::vector<std::int64_t> profits(model_.columns.size(), 0);
    std::int64_t total = 0;
    for (const Term& term : model_.objective) {
      const std::int64_t cost =
          scale_term(term, exponent, total, "the objective", model_.objective_place);
      profits[static_cast<std::size_t>(term.column)] = model_.is_maximisation ? cost : -cost;
    }
    return profits;
  }

  /// Fills one row of the matrix and returns its capacity.
  std::int64_t scale_row(std::size_t i, std::span<std::int64_t> weights) {
    const SparseRow& row = model_.rows[i];
    const std::string what = "row " + quote(row.name);
    const int exponent = common_exponent(row.terms, row.right_hand_side);
    const std::int64_t sign = row.relation == Relation::kAtMost ? 1 : -1;
    const auto capacity = scaled(row.right_hand_side, exponent);
    if (!capacity) source_.fail(row.place, "the right-hand side of " + what + " reaches 2^63");
    row_scales_.push_back(power_of_ten(exponent));
    std::int64_t total = *capacity < 0 ? -*capacity : *capacity;
    for (const Term& term : row.terms) {
      const std::int64_t weight = sign * scale_term(term, exponent, total, what, row.place);
      weights[static_cast<std::size_t>(term.column)] = weight;
      if (weight != 0) note_sign(static_cast<std::int32_t>(i), term.column, weight > 0);
    }
    return sign * *capacity;
  }

  /// The term's coefficient as an integer, its magnitude added to the total.
  std::int64_t scale_term(const Term& term, int exponent, std::int64_t& total,
                          const std::string& what, const char* place) {
    const auto value = scaled(term.coefficient, exponent);
    const auto sum = value ? checked_add(total, *value < 0 ? -*value : *value) : std::nullopt;
    if (!sum) {
      source_.fail(place, "the magnitudes of " + what + " up to column " +
                              quote(model_.columns[static_cast<std::size_t>(term.column)]) +
                              ", times 10^" + std::to_string(exponent) +
                              " to make them integers, sum to 2^63 or more; expected less");
    }
    total = *sum;
    return *value;
  }

  /// Refuses a column with coefficients of both signs: that is no knapsack problem.
  void note_sign(std::int32_t row, std::int32_t column, bool is_positive) {
    auto& known = sign_row_[static_cast<std::size_t>(column)];
    const std::int32_t now = is_positive ? 2 * row : 2 * row + 1;
    if (known == kNoRow) known = now;
    if (known % 2 == now % 2) return;
    const auto& earlier = model_.rows[static_cast<std::size_t>(known / 2)];
    const auto& later = model_.rows[static_cast<std::size_t>(row)];
    source_.fail(later.place, "column " + quote(model_.columns[static_cast<std::size_t>(column)]) +
                                  " has coefficients of both signs, here and in row " +
                                  quote(earlier.name) +
                                  " (all written as <=); expected one sign per column");
  }

  const SourceText& source_;
  SparseModel& model_;
  std::vector<std::int64_t> row_scales_;
  std::vector<std::int32_t> sign_row_;  // 2 * row + (coefficient is negative), or kNoRow
};

}  // namespace

std::size_t NameTable::slot_of(std::string_view name, std::uint32_t hash) const {
  std::size_t place = hash & (slots_.size() - 1);
  while (slots_[place].number >= 0) {
    const Slot& slot = slots_[place];
    if (slot.hash == hash && names_[static_cast<std::size_t>(slot.number)] == name) return place;
    place = (place + 1) & (slots_.size() - 1);
  }
  return place;
}

void NameTable::grow() {
  const std::vector<Slot> old =
      std::exchange(slots_, std::vector<Slot>(std::max<std::size_t>(64, 4 * slots_.size())));
  for (const Slot& slot : old) {
    if (slot.number < 0) continue;
    std::size_t place = slot.hash & (slots_.size() - 1);
    while (slots_[place].number >= 0) place = (place + 1) & (slots_.size() - 1);
    slots_[place] = slot;
  }
}

std::int32_t NameTable::find_near_last(std::string_view name) const noexcept {
  constexpr std::size_t kNear = 5;
  const std::size_t end = std::min(names_.size(), last_ + kNear);
  for (std::size_t k = last_; k < end; ++k) {
    if (names_[k] != name) continue;
    last_ = k;
    return static_cast<std::int32_t>(k);
  }
  return -1;
}

std::int32_t NameTable::number_of(std::string_view name) {
  if (const std::int32_t near = find_near_last(name); near >= 0) return near;
  if (2 * (names_.size() + 1) > slots_.size()) grow();
  const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>{}(name));
  Slot& slot = slots_[slot_of(name, hash)];
  if (slot.number < 0) {
    slot = {hash, static_cast<std::int32_t>(names_.size())};
    names_.emplace_back(name);
  }
  last_ = static_cast<std::size_t>(slot.number);
  return slot.number;
}

std::int32_t NameTable::find(std::string_view name) const {
  if (const std::int32_t near = find_near_last(name); near >= 0) return near;
  if (slots_.empty()) return -1;
  const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>{}(name));
  const std::int32_t number = slots_[slot_of(name, hash)].number;
  if (number >= 0) last_ = static_cast<std::size_t>(number);
  return number;
}

Instance build_sparse(const SourceText& source, SparseModel&& model) {
  return SparseBuilder(source, model).build();
}

}  // namespace espalier::solver::io
