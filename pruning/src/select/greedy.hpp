#pragma once

#include <vector>

#include "select/candidates.hpp"

namespace espalier::pruning {

// What choices without a proof would keep of the open candidates, for comparison with the exact
// one.

/// Candidates in descending value per cost, each taken if it still fits. Cost is the sum over the
/// dimensions of the share of the room (Dobson 1982 for the covering problem; a room of zero admits
/// nothing that needs it).
std::vector<Candidate> greedy_choice(const std::vector<Candidate>& open,
                                     const resource_model::Resources& room);

/// Candidates in descending value, up to the first that does not fit.
std::vector<Candidate> magnitude_choice(const std::vector<Candidate>& open,
                                        const resource_model::Resources& room);

/// The same share of every layer's candidates, the most valuable ones; the largest share that fits.
std::vector<Candidate> uniform_choice(const std::vector<Candidate>& open,
                                      const resource_model::Resources& room);

}  // namespace espalier::pruning
