#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "espalier/solver/classes.hpp"

#include "classes/class_windows.hpp"
#include "classes/open_classes.hpp"

namespace espalier::solver {

/// Chosen items of every class and what they bring.
struct ClassSelection {
  std::vector<std::vector<std::int32_t>> items;
  std::int64_t objective = 0;
};

/// Items in the order of their profits, those of equal profit by position: the first `counts[c]` of
/// each class, those that are always chosen first. `windows`, if there are any, are those of the
/// open classes: where the end of a selection lies inside one, no other selection is needed, nor
/// another pass over the profits. `memory` may hold lists that are no longer needed.
ClassSelection select_best(const ClassedProblem& problem, const OpenClasses& open,
                           const ClassWindows* windows, std::span<const std::int64_t> counts,
                           int threads, std::vector<std::vector<std::int32_t>> memory = {});

}  // namespace espalier::solver
