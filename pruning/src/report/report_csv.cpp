#include "espalier/pruning/report.hpp"

#include "report/names.hpp"

namespace espalier::pruning {
namespace {

/// Fields of a line, separated by commas.
class CsvLine {
 public:
  CsvLine& add(const std::string& field) {
    if (!text_.empty()) text_ += ',';
    text_ += field;
    return *this;
  }
  CsvLine& add(std::int64_t number) { return add(std::to_string(number)); }
  CsvLine& add(double number) { return add(shortest(number)); }
  CsvLine& add(const resource_model::Resources& r) {
    return add(r.dsp).add(r.bram18).add(r.lut).add(r.ff);
  }

  std::string end() const { return text_ + '\n'; }

 private:
  std::string text_;
};

/// Layer names are free text.
std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string field = "\"";
  for (const char c : text) field += c == '"' ? std::string("\"\"") : std::string(1, c);
  return field + '"';
}

}  // namespace

std::string report_to_csv(const PruneReport& report) {
  std::string csv =
      "iteration,target,budget_dsp,budget_bram,budget_lut,budget_ff,items,rows,status,objective,"
      "bound,scaling_error,"
      "greedy_objective,knapsack_nodes,knapsack_seconds,accuracy_before_tuning,"
      "validation_accuracy,required_accuracy,selected_dsp,selected_bram,selected_lut,selected_ff,"
      "dsp,bram,lut,ff,accepted,"
      "protected_layer,seconds\n";
  for (const IterationRecord& it : report.iterations) {
    CsvLine line;
    line.add(std::int64_t{it.iteration}).add(it.target_sparsity).add(it.budget);
    line.add(it.knapsack_items).add(it.knapsack_rows).add(it.knapsack_status);
    line.add(it.knapsack_objective).add(it.knapsack_bound).add(it.knapsack_scaling_error);
    line.add(it.greedy_objective).add(it.knapsack_nodes).add(it.knapsack_seconds);
    line.add(it.accuracy_before_tuning).add(it.validation_accuracy).add(it.required_accuracy);
    line.add(it.selected).add(it.resources).add(std::int64_t{it.accepted});
    line.add(quoted(it.protected_layer)).add(it.seconds);
    csv += line.end();
  }
  return csv;
}

std::string layers_to_csv(const PruneReport& report) {
  std::string csv =
      "layer,structures,structures_kept,weights,weights_kept,dsp_before,bram_before,lut_before,"
      "ff_before,dsp_after,bram_after,lut_after,ff_after,accuracy_before,accuracy_after\n";
  LayerOutcome total;
  total.name = "total";
  for (const LayerOutcome& layer : report.layers) {
    CsvLine line;
    line.add(quoted(layer.name)).add(layer.structures).add(layer.structures_kept);
    line.add(layer.weights).add(layer.weights_kept).add(layer.before).add(layer.after);
    csv += line.add(std::string()).add(std::string()).end();
    total.structures += layer.structures;
    total.structures_kept += layer.structures_kept;
    total.weights += layer.weights;
    total.weights_kept += layer.weights_kept;
  }
  CsvLine line;
  line.add(total.name).add(total.structures).add(total.structures_kept);
  line.add(total.weights).add(total.weights_kept);
  line.add(report.baseline.resources).add(report.pruned.resources);
  return csv + line.add(report.baseline.test_accuracy).add(report.pruned.test_accuracy).end();
}

}  // namespace espalier::pruning
