#include "presolve/presolve.hpp"

#include <algorithm>
#include <numeric>

#include "espalier/support/check.hpp"
#include "espalier/support/exact.hpp"

namespace espalier::solver {
namespace {

/// The problem while it shrinks: original indices, with flags for what is still there.
class Reducer {
 public:
  explicit Reducer(const Problem& problem)
      : n_(problem.num_items()),
        m_(problem.num_rows()),
        profits_(problem.profits().begin(), problem.profits().end()),
        capacities_(problem.capacities().begin(), problem.capacities().end()),
        item_is_open_(profits_.size(), 1),
        row_is_open_(capacities_.size(), 1) {
    weights_.reserve(profits_.size() * capacities_.size());
    for (int i = 0; i < m_; ++i) {
      const auto row = problem.row(i);
      weights_.insert(weights_.end(), row.begin(), row.end());
    }
    result_.is_complemented.assign(profits_.size(), 0);
  }

  PresolvedProblem run(bool reduce_further) {
    complement_covering_items();
    if (has_negative_capacity()) {
      result_.is_infeasible = true;
      return std::move(result_);
    }
    drop_unprofitable_items();
    bool changed = true;
    while (changed) {
      changed = drop_items_that_never_fit();
      if (!reduce_further) break;
      changed |= divide_rows();
      changed |= drop_redundant_rows();
      changed |= take_weightless_items();
    }
    build_core(reduce_further);
    return std::move(result_);
  }

 private:
  std::int64_t& weight(int i, int j) {
    return weights_[static_cast<std::size_t>(i) * profits_.size() + static_cast<std::size_t>(j)];
  }

  template <typename Function>
  void for_open_items(Function function) {
    for (int j = 0; j < n_; ++j) {
      if (item_is_open_[static_cast<std::size_t>(j)] != 0) function(j);
    }
  }

  void decide(int j, bool take) {
    const auto item = static_cast<std::size_t>(j);
    item_is_open_[item] = 0;
    ++result_.items_decided;
    if (take) {
      result_.objective_offset += profits_[item];
      for (int i = 0; i < m_; ++i) capacities_[static_cast<std::size_t>(i)] -= weight(i, j);
    }
    if (take != (result_.is_complemented[item] != 0)) result_.chosen.push_back(j);
  }

  /// x = 1 - x' for columns with weights <= 0, which makes all weights >= 0.
  void complement_covering_items() {
    for (int j = 0; j < n_; ++j) {
      bool is_covering = false;
      for (int i = 0; i < m_; ++i) is_covering |= weight(i, j) < 0;
      if (!is_covering) continue;
      const auto item = static_cast<std::size_t>(j);
      for (int i = 0; i < m_; ++i) {
        capacities_[static_cast<std::size_t>(i)] -= weight(i, j);
        weight(i, j) = -weight(i, j);
      }
      result_.objective_offset += profits_[item];
      profits_[item] = -profits_[item];
      result_.is_complemented[item] = 1;
    }
  }

  bool has_negative_capacity() const {
    return std::any_of(capacities_.begin(), capacities_.end(), [](auto b) { return b < 0; });
  }

  /// With all weights >= 0 an item that brings nothing is never needed.
  void drop_unprofitable_items() {
    for_open_items([&](int j) {
      if (profits_[static_cast<std::size_t>(j)] <= 0) decide(j, false);
    });
  }

  bool drop_items_that_never_fit() {
    bool changed = false;
    for_open_items([&](int j) {
      for (int i = 0; i < m_; ++i) {
        if (weight(i, j) > capacities_[static_cast<std::size_t>(i)]) {
          decide(j, false);
          changed = true;
          return;
        }
      }
    });
    return changed;
  }

  /// Weights are multiples of their gcd, so only the floor of the capacity counts.
  bool divide_rows() {
    bool changed = false;
    for (int i = 0; i < m_; ++i) {
      const auto row = static_cast<std::size_t>(i);
      if (row_is_open_[row] == 0) continue;
      std::int64_t divisor = 0;
      for_open_items([&](int j) { divisor = std::gcd(divisor, weight(i, j)); });
      if (divisor <= 1) continue;
      for (int j = 0; j < n_; ++j) {
        if (item_is_open_[static_cast<std::size_t>(j)] != 0) weight(i, j) /= divisor;
      }
      capacities_[row] /= divisor;
      changed = true;
    }
    return changed;
  }

  bool drop_redundant_rows() {
    bool changed = false;
    for (int i = 0; i < m_; ++i) {
      const auto row = static_cast<std::size_t>(i);
      if (row_is_open_[row] == 0) continue;
      std::int64_t total = 0;
      for_open_items([&](int j) { total += weight(i, j); });
      if (total > capacities_[row]) continue;
      row_is_open_[row] = 0;
      ++result_.rows_removed;
      changed = true;
    }
    return changed;
  }

  bool take_weightless_items() {
    bool changed = false;
    for_open_items([&](int j) {
      for (int i = 0; i < m_; ++i) {
        if (row_is_open_[static_cast<std::size_t>(i)] != 0 && weight(i, j) != 0) return;
      }
      decide(j, true);
      changed = true;
    });
    return changed;
  }

  void build_core(bool divide_profits) {
    CoreProblem& core = result_.core;
    for_open_items([&](int j) {
      result_.item_of.push_back(j);
      core.profits.push_back(profits_[static_cast<std::size_t>(j)]);
    });
    core.num_items = static_cast<int>(core.profits.size());
    for (int i = 0; i < m_; ++i) {
      const auto row = static_cast<std::size_t>(i);
      if (row_is_open_[row] == 0) continue;
      for (const auto j : result_.item_of) core.weights.push_back(weight(i, j));
      core.capacities.push_back(capacities_[row]);
    }
    core.num_rows = static_cast<int>(core.capacities.size());
    if (!divide_profits || core.num_items == 0) return;
    std::int64_t divisor = 0;
    for (const auto p : core.profits) divisor = std::gcd(divisor, p);
    for (auto& p : core.profits) p /= divisor;
    result_.profit_divisor = divisor;
  }

  int n_;
  int m_;
  std::vector<std::int64_t> profits_;
  std::vector<std::int64_t> weights_;
  std::vector<std::int64_t> capacities_;
  std::vector<std::uint8_t> item_is_open_;
  std::vector<std::uint8_t> row_is_open_;
  PresolvedProblem result_;
};

}  // namespace

std::vector<std::int32_t> PresolvedProblem::restore(
    std::span<const std::int32_t> core_items) const {
  std::vector<std::uint8_t> is_taken(item_of.size(), 0);
  for (const auto c : core_items) is_taken[static_cast<std::size_t>(c)] = 1;
  std::vector<std::int32_t> items = chosen;
  for (std::size_t c = 0; c < item_of.size(); ++c) {
    const auto j = static_cast<std::size_t>(item_of[c]);
    if (is_taken[c] != is_complemented[j]) items.push_back(item_of[c]);
  }
  std::sort(items.begin(), items.end());
  return items;
}

std::vector<std::int32_t> PresolvedProblem::reduce(
    std::span<const std::int32_t> original_items) const {
  std::vector<std::uint8_t> is_taken(is_complemented.size(), 0);
  for (const auto j : original_items) is_taken[static_cast<std::size_t>(j)] = 1;
  std::vector<std::int32_t> items;
  for (std::size_t c = 0; c < item_of.size(); ++c) {
    const auto j = static_cast<std::size_t>(item_of[c]);
    if (is_taken[j] != is_complemented[j]) items.push_back(static_cast<std::int32_t>(c));
  }
  return items;
}

PresolvedProblem presolve(const Problem& problem, bool reduce_further) {
  return Reducer(problem).run(reduce_further);
}

}  // namespace espalier::solver
