// Any text: a clean error, or instances that their own constructor accepts again.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "espalier/solver/instance_io.hpp"
#include "espalier/support/error.hpp"

#include "input.hpp"

using namespace espalier;

namespace {

void require_valid(const solver::Instance& instance) {
  const solver::Problem& problem = instance.problem;
  const auto copy = [](auto span) { return std::vector<std::int64_t>(span.begin(), span.end()); };
  std::vector<std::int64_t> weights;
  for (int i = 0; i < problem.num_rows(); ++i) {
    weights.insert(weights.end(), problem.row(i).begin(), problem.row(i).end());
  }
  const solver::Problem again(copy(problem.profits()), std::move(weights),
                              copy(problem.capacities()));
  tests::require(instance.sense == 1 || instance.sense == -1, "a sense of 1 or -1");
  tests::require(instance.scale >= 1, "a scale of 1 or more");
  tests::require(
      instance.item_names.empty() || instance.item_names.size() == problem.profits().size(),
      "a name for every item, or none");
  solver::objective_in_file_units(instance, 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto read = solver::read_instances_from_text(tests::text_of(data, size), "fuzz");
    for (const auto& instance : read) require_valid(instance);
  } catch (const Error& error) {
    tests::require(error.message().find('\n') == std::string::npos, "an error of one line");
  }
  return 0;
}
