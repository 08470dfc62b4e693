// A problem of up to 12 items and any options from the bytes: solve() against enumeration.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "espalier/solver/solve.hpp"
#include "espalier/support/error.hpp"

#include "brute_force.hpp"
#include "input.hpp"
#include "judge_result.hpp"

using namespace espalier;

namespace {

solver::SolveOptions options_from(tests::ByteSource& bytes) {
  solver::SolveOptions options;
  options.threads = bytes.byte() < 16 ? 3 : 1;
  options.deterministic = bytes.flag();
  options.presolve = bytes.flag();
  options.cuts = bytes.flag();
  options.heuristics = bytes.flag();
  options.reduced_cost_fixing = bytes.flag();
  options.cardinality_split = bytes.flag();
  options.optimistic_targets = bytes.flag();
  options.one_row_engine = bytes.flag();
  options.item_classes = bytes.flag();
  return options;
}

std::optional<solver::Problem> problem_from(tests::ByteSource& bytes) {
  const int n = bytes.in(1, 12);
  const int m = bytes.in(1, 5);
  const int width = bytes.in(1, 7);
  std::vector<std::int64_t> profits, weights, capacities;
  std::vector<bool> is_covering;
  for (int j = 0; j < n; ++j) {
    profits.push_back(bytes.integer(width) * (bytes.byte() < 24 ? -1 : 1));
    is_covering.push_back(bytes.byte() < 24);
  }
  for (int i = 0; i < m; ++i) {
    std::int64_t total = 0;
    std::int64_t least = 0;
    for (int j = 0; j < n; ++j) {
      const std::int64_t weight = bytes.integer(width);
      weights.push_back(is_covering[static_cast<std::size_t>(j)] ? -weight : weight);
      total += weight;
      least = std::min(least, least + weights.back());
    }
    capacities.push_back(least + total / 255 * bytes.byte() + bytes.byte() % 4 - 1);
  }
  try {
    return solver::Problem(std::move(profits), std::move(weights), std::move(capacities));
  } catch (const Error&) {
    return std::nullopt;  // sums beyond 63 bits
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tests::ByteSource bytes(data, size);
  const solver::SolveOptions options = options_from(bytes);
  const auto problem = problem_from(bytes);
  if (!problem) return 0;
  const auto best = tests::brute_force(*problem);
  const std::string wrong =
      tests::judge_optimal(*problem, solver::solve(*problem, options),
                           best ? std::optional(best->objective) : std::nullopt);
  tests::require(wrong.empty(), wrong.c_str());
  return 0;
}
