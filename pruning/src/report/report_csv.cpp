#include "espalier/pruning/report.hpp"

#include "report/names.hpp"

namespace espalier::pruning {

std::string report_to_csv(const PruneReport& report) {
  std::string csv =
      "iteration,target,budget_dsp,budget_bram,items,rows,status,objective,bound,greedy_objective,"
      "knapsack_nodes,knapsack_seconds,accuracy_before_tuning,validation_accuracy,"
      "required_accuracy,dsp,bram,accepted,seconds\n";
  const auto add = [&csv](const std::string& field) { csv += field + ','; };
  for (const IterationRecord& it : report.iterations) {
    add(std::to_string(it.iteration));
    add(shortest(it.target_sparsity));
    add(std::to_string(it.budget.dsp));
    add(std::to_string(it.budget.bram18));
    add(std::to_string(it.knapsack_items));
    add(std::to_string(it.knapsack_rows));
    add(it.knapsack_status);
    add(shortest(it.knapsack_objective));
    add(shortest(it.knapsack_bound));
    add(shortest(it.greedy_objective));
    add(std::to_string(it.knapsack_nodes));
    add(shortest(it.knapsack_seconds));
    add(shortest(it.accuracy_before_tuning));
    add(shortest(it.validation_accuracy));
    add(shortest(it.required_accuracy));
    add(std::to_string(it.resources.dsp));
    add(std::to_string(it.resources.bram18));
    add(it.accepted ? "1" : "0");
    csv += shortest(it.seconds) + '\n';
  }
  return csv;
}

}  // namespace espalier::pruning
