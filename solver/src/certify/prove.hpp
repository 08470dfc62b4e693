#pragma once

#include <optional>

#include "certify/proof_tree.hpp"

namespace espalier::solver {

/// Proves that the core holds nothing of the setting's target or more, with `threads` threads that
/// share the subtrees below the first few branchings; nothing when a limit stopped it.
std::optional<Subproof> prove(const ProofSetting& setting, int threads);

/// The same with a subproblem for every number of chosen items: what lies outside of the numbers
/// from `least` to `most` is refuted by its relaxation alone. Number k has threshold k - least
/// ("least + k or more are chosen") for each k from `least` to `most` + 1. Nothing as well when the
/// relaxation does not refute the numbers outside.
std::optional<Subproof> prove_by_cardinality(ProofSetting setting, std::int64_t least,
                                             std::int64_t most, int threads);

}  // namespace espalier::solver
