// Any lines as a proof: what the checker follows to a contradiction must be right. The problem has
// a class of equal items, so that every rule of the format can be used.

#include <cstdint>
#include <string>
#include <string_view>

#include "espalier/solver/problem.hpp"

#include "check/proof_checker.hpp"
#include "input.hpp"

using namespace espalier;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The optimum is 17, with items 0 and 1 or with 0 and 2.
  static const solver::Problem kProblem({10, 7, 7, 4}, {5, 4, 4, 3, 2, 3, 3, 1}, {9, 5});
  const std::string text = tests::text_of(data, size);
  solver::ProofChecker checker(kProblem);
  std::string_view rest = text;
  try {
    while (!rest.empty() && !checker.is_concluded()) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      checker.follow(line);
    }
  } catch (const solver::ProofFault&) {
    return 0;
  }
  if (checker.is_concluded()) tests::require(checker.objective() == 17, "a proof of the optimum");
  return 0;
}
