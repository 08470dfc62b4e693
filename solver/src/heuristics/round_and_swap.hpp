#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/core_problem.hpp"

namespace espalier::solver {

/// A feasible solution near the relaxation: takes the items in the order of `score` as long as they
/// fit, then improves by exchanging single items until no exchange or addition helps.
///
/// `score` is one number per item, the greater the earlier: reduced costs make good ones. Exchanges
/// look only at the `window` items on either side of the first item that did not fit.
std::vector<std::int32_t> round_and_swap(const CoreProblem& core, std::span<const double> score,
                                         int window);

}  // namespace espalier::solver
