#include "one_row/decision_history.hpp"

#include <algorithm>

namespace espalier::solver::one_row {

void DecisionHistory::store(std::span<State> states) {
  nodes_.reserve(nodes_.size() + states.size());
  for (State& state : states) {
    nodes_.push_back({state.node, state.bits});
    state.node = static_cast<std::uint32_t>(nodes_.size() - 1);
    state.bits = 0;
  }
}

void DecisionHistory::collect(std::span<State> states) {
  // Reached nodes are marked by 1; then the marks become new indices.
  std::vector<std::uint32_t> index(nodes_.size(), 0);
  for (const State& state : states) index[state.node] = 1;
  index[0] = 1;
  for (std::size_t node = nodes_.size(); node-- > 1;) {
    if (index[node] != 0) index[nodes_[node].parent] = 1;
  }
  std::uint32_t kept = 0;
  for (std::size_t node = 0; node < nodes_.size(); ++node) {
    if (index[node] == 0) continue;
    nodes_[kept] = {index[nodes_[node].parent], nodes_[node].bits};
    index[node] = kept++;
  }
  nodes_[0].parent = 0;
  nodes_.resize(kept);
  live_ = kept;
  for (State& state : states) state.node = index[state.node];
}

std::vector<std::uint32_t> DecisionHistory::words(std::uint32_t node) const {
  std::vector<std::uint32_t> path;
  for (; node != 0; node = nodes_[node].parent) path.push_back(nodes_[node].bits);
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace espalier::solver::one_row
