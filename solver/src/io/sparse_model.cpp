#include "io/sparse_model.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "espalier/support/error.hpp"
#include "espalier/support/exact.hpp"

namespace espalier::solver::io {
namespace {

/// The dense matrix of a problem is refused above 2^30 weights (8 GiB).
constexpr std::size_t kMostWeights = std::size_t{1} << 30;

int common_exponent(const std::vector<Term>& terms, Decimal constant) noexcept {
  int exponent = constant.decimals;
  for (const Term& term : terms) exponent = std::max(exponent, term.decimals);
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
    for (std::size_t i = 0; i < rows; ++i) {
      capacities.push_back(scale_row(i, std::span(weights).subspan(i * items, items)));
    }
    if (has_positive_ && has_negative_) refuse_mixed_columns(weights);
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
      has_positive_ |= weight > 0;
      has_negative_ |= weight < 0;
    }
    return sign * *capacity;
  }

  /// The term's coefficient as an integer, its magnitude added to the total.
  std::int64_t scale_term(const Term& term, int exponent, std::int64_t& total,
                          const std::string& what, const char* place) {
    const auto value = term.decimals == exponent ? std::optional(term.mantissa)
                                                 : scaled(term.coefficient(), exponent);
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

  /// Refuses columns with coefficients of both signs: that is no knapsack problem.
  void refuse_mixed_columns(std::span<const std::int64_t> weights) const {
    constexpr std::size_t kNoRow = static_cast<std::size_t>(-1);
    const std::size_t items = model_.columns.size();
    std::vector<std::size_t> first_row(items, kNoRow);
    for (std::size_t i = 0; i < model_.rows.size(); ++i) {
      const auto row = weights.subspan(i * items, items);
      for (const Term& term : model_.rows[i].terms) {
        const auto column = static_cast<std::size_t>(term.column);
        if (row[column] == 0) continue;
        if (first_row[column] == kNoRow) first_row[column] = i;
        const std::int64_t earlier = weights[first_row[column] * items + column];
        if ((earlier > 0) == (row[column] > 0)) continue;
        source_.fail(model_.rows[i].place,
                     "column " + quote(model_.columns[column]) +
                         " has coefficients of both signs, here and in row " +
                         quote(model_.rows[first_row[column]].name) +
                         " (all written as <=); expected one sign per column");
      }
    }
  }

  const SourceText& source_;
  SparseModel& model_;
  std::vector<std::int64_t> row_scales_;
  bool has_positive_ = false;  // among the weights
  bool has_negative_ = false;
};

}  // namespace

Instance build_sparse(const SourceText& source, SparseModel&& model) {
  return SparseBuilder(source, model).build();
}

}  // namespace espalier::solver::io
