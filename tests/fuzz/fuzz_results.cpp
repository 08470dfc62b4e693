// Any text as a result file: a clean error, or claims that the checker judges without harm. What it
// accepts as optimal must be a feasible selection of the stated objective.

#include <cstdint>

#include "espalier/solver/check.hpp"
#include "espalier/solver/result_io.hpp"
#include "espalier/support/error.hpp"

#include "input.hpp"

using namespace espalier;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const solver::Instance kInstance =
      solver::read_instances_from_text("4 2 14\n10 7 4 3\n5 4 3 1\n2 3 0 1\n8 4\n", "a.dat")
          .front();
  try {
    for (const auto& claim : solver::read_results_from_text(tests::text_of(data, size), "fuzz")) {
      const auto report = solver::check_result(kInstance, claim);
      if (!report.ok() || claim.status == "infeasible") continue;
      tests::require(solver::is_feasible(kInstance.problem, claim.selected),
                     "a feasible selection");
    }
  } catch (const Error&) {
  }
  return 0;
}
