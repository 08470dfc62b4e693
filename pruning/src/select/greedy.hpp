#pragma once

#include <vector>

#include "select/candidates.hpp"

namespace espalier::pruning {

/// What a heuristic would keep, for comparison with the exact choice: candidates in descending
/// value per cost, each taken if it still fits. Cost is the sum over the dimensions of the share of
/// the room (Dobson 1982 for the covering problem; a room of zero admits nothing that needs it).
std::vector<Candidate> greedy_choice(const std::vector<Candidate>& open,
                                     const resource_model::Resources& room);

}  // namespace espalier::pruning
