#include <string>

#include "espalier/solver/frontier.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/exact.hpp"

namespace espalier::solver {
namespace {

void check_rows(std::span<const std::int64_t> capacities, std::span<const int> rows,
                std::span<const std::vector<std::int64_t>> steps) {
  if (rows.size() != steps.size()) {
    throw Error("found " + std::to_string(steps.size()) +
                " lists of budgets; expected one per row, " + std::to_string(rows.size()));
  }
  for (const int row : rows) {
    if (row < 0 || static_cast<std::size_t>(row) >= capacities.size()) {
      throw Error("there is no row " + std::to_string(row) + "; expected 0 to " +
                  std::to_string(capacities.size() - 1));
    }
  }
}

}  // namespace

std::vector<std::int64_t> budget_steps(std::int64_t from, std::int64_t to, int steps) {
  if (steps < 2) throw Error("found " + std::to_string(steps) + " steps; expected at least 2");
  std::vector<std::int64_t> values;
  for (int k = 0; k < steps; ++k) {
    const Int128 way = (Int128{to} - from) * k;
    values.push_back(static_cast<std::int64_t>(from + floor_div(way, Int128{steps - 1})));
  }
  return values;
}

std::vector<std::int64_t> budgets_by_step(std::int64_t from, std::int64_t to, std::int64_t step) {
  constexpr std::int64_t kMostBudgets = 10'000'000;
  if (step < 1) throw Error("the step is " + std::to_string(step) + "; expected at least 1");
  if (to < from) {
    throw Error("the budgets go from " + std::to_string(from) + " to " + std::to_string(to) +
                "; expected them to rise");
  }
  const Int128 count = (Int128{to} - from) / step + 1;
  if (count > kMostBudgets) throw Error("more than 10^7 budgets; expected a larger step");
  std::vector<std::int64_t> values;
  for (std::int64_t k = 0; k < static_cast<std::int64_t>(count); ++k) {
    values.push_back(from + k * step);
  }
  return values;
}

std::vector<std::vector<std::int64_t>> budget_line(
    std::span<const std::int64_t> capacities, std::span<const int> rows,
    std::span<const std::vector<std::int64_t>> steps) {
  check_rows(capacities, rows, steps);
  std::vector<std::vector<std::int64_t>> all;
  for (std::size_t k = 0; !steps.empty() && k < steps.front().size(); ++k) {
    std::vector<std::int64_t> now(capacities.begin(), capacities.end());
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (steps[r].size() != steps.front().size()) {
        throw Error("the rows have different numbers of budgets; expected the same for a line");
      }
      now[static_cast<std::size_t>(rows[r])] = steps[r][k];
    }
    all.push_back(std::move(now));
  }
  return all;
}

std::vector<std::vector<std::int64_t>> budget_grid(
    std::span<const std::int64_t> capacities, std::span<const int> rows,
    std::span<const std::vector<std::int64_t>> steps) {
  check_rows(capacities, rows, steps);
  std::vector<std::vector<std::int64_t>> all = {{capacities.begin(), capacities.end()}};
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::vector<std::vector<std::int64_t>> longer;
    bool is_forward = true;
    for (const auto& base : all) {
      // To and fro, so that neighbours in the list are neighbours in the grid.
      for (std::size_t k = 0; k < steps[r].size(); ++k) {
        longer.push_back(base);
        longer.back()[static_cast<std::size_t>(rows[r])] =
            steps[r][is_forward ? k : steps[r].size() - 1 - k];
      }
      is_forward = !is_forward;
    }
    all = std::move(longer);
  }
  return all;
}

}  // namespace espalier::solver
