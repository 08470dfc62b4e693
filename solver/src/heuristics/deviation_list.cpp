#include "heuristics/deviation_list.hpp"

namespace espalier::solver {

void DeviationList::enumerate(const CoreProblem& core, std::span<const double> duals,
                              std::span<const Deviator> deviators, double limit, std::size_t most) {
  rows_ = static_cast<std::size_t>(core.num_rows);
  deviators_.assign(deviators.begin(), deviators.end());
  steps_.clear();
  changes_.clear();
  for (const Deviator& deviator : deviators_) {
    Set step;
    step.profit = deviator.sign * core.profits[static_cast<std::size_t>(deviator.item)];
    step.count = deviator.sign;
    for (int i = 0; i < core.num_rows; ++i) {
      const double load = deviator.sign * static_cast<double>(core.weight(i, deviator.item));
      const double priced = duals[static_cast<std::size_t>(i)] * load;
      step.key += priced;
      if (i % 2 == 0) step.part += priced;
      changes_.push_back(static_cast<float>(load));
    }
    steps_.push_back(step);
  }

  sets_.assign(1, {});
  loads_.assign(rows_, 0.0F);
  const auto end = static_cast<std::int32_t>(deviators_.size());
  for (std::size_t parent = 0; parent < sets_.size(); ++parent) {
    for (std::int32_t next = sets_[parent].last + 1; next < end; ++next) {
      const auto index = static_cast<std::size_t>(next);
      Set set = sets_[parent];
      set.price += deviators_[index].price;
      if (set.price > limit) break;
      if (sets_.size() >= most) return;
      const Set& step = steps_[index];
      set.cost += deviators_[index].cost;
      set.profit += step.profit;
      set.key += step.key;
      set.part += step.part;
      set.count += step.count;
      set.parent = static_cast<std::int32_t>(parent);
      set.last = next;
      sets_.push_back(set);
      for (std::size_t i = 0; i < rows_; ++i) {
        loads_.push_back(loads_[parent * rows_ + i] + changes_[index * rows_ + i]);
      }
    }
  }
}

}  // namespace espalier::solver
