#pragma once

#include <optional>

#include "certify/proof_tree.hpp"

namespace espalier::solver {

/// Proves that the core holds nothing of the setting's target or more, with `threads` threads that
/// share the subtrees below the first few branchings; nothing when a limit stopped it.
std::optional<Subproof> prove(const ProofSetting& setting, int threads);

}  // namespace espalier::solver
