#pragma once

#include <cstdint>
#include <vector>

#include "espalier/resource_model/resources.hpp"
#include "espalier/resource_model/structure.hpp"

namespace espalier::pruning {

/// One structure as an item of the knapsack.
struct Candidate {
  std::int32_t layer = 0;      ///< index in the vector of LayerStructures
  std::int32_t structure = 0;  ///< index in the layer
  std::int64_t value = 0;      ///< scaled
  resource_model::Resources cost;
};

/// What is decided before the knapsack, and what is left for it.
struct Candidates {
  std::vector<Candidate> kept;  ///< floors, and structures that cost nothing
  std::vector<Candidate> open;  ///< to choose from: cost something and have a value
  resource_model::Resources kept_cost;
};

/// Applies the floors: the most valuable structures of each layer (the first of equal ones) are
/// kept. Structures of value zero that no floor asks for are in neither list.
Candidates gather_candidates(const std::vector<resource_model::LayerStructures>& structures,
                             const std::vector<std::int64_t>& scaled_values,
                             const std::vector<std::int64_t>& floors);

/// Descending value, then layer, then structure: the order in which equal costs are taken.
bool more_valuable(const Candidate& a, const Candidate& b) noexcept;

/// Whether a fits into b in every dimension that it uses.
bool fits(const resource_model::Resources& a, const resource_model::Resources& b) noexcept;

}  // namespace espalier::pruning
