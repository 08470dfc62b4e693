#include <optional>

#include <nlohmann/json.hpp>

#include "espalier/pruning/report.hpp"
#include "espalier/resource_model/network_io.hpp"

#include "report/names.hpp"

namespace espalier::pruning {
namespace {

using Json = nlohmann::ordered_json;
using resource_model::Resources;

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json state_json(const NetworkState& state) {
  return {{"accuracy", state.test_accuracy},
          {"validation_accuracy", state.validation_accuracy},
          {"fixed_point_accuracy", or_null(state.fixed_point_test_accuracy)},
          {"fixed_point_validation_accuracy", or_null(state.fixed_point_validation_accuracy)},
          {"dsp", state.resources.dsp},
          {"bram", state.resources.bram18},
          {"lut", state.resources.lut},
          {"ff", state.resources.ff}};
}

Json amounts_json(const Resources& amounts) {
  return {{"dsp", amounts.dsp}, {"bram", amounts.bram18}, {"lut", amounts.lut}, {"ff", amounts.ff}};
}

Json layer_json(const LayerOutcome& layer) {
  return {{"name", layer.name},
          {"structures", layer.structures},
          {"structures_kept", layer.structures_kept},
          {"weights", layer.weights},
          {"weights_kept", layer.weights_kept},
          {"before", amounts_json(layer.before)},
          {"after", amounts_json(layer.after)}};
}

Json iteration_json(const IterationRecord& it) {
  return {{"iteration", it.iteration},
          {"target", it.target_sparsity},
          {"budget", amounts_json(it.budget)},
          {"knapsack",
           {{"items", it.knapsack_items},
            {"rows", it.knapsack_rows},
            {"status", it.knapsack_status},
            {"objective", it.knapsack_objective},
            {"bound", it.knapsack_bound},
            {"scaling_error", it.knapsack_scaling_error},
            {"greedy_objective", it.greedy_objective},
            {"nodes", it.knapsack_nodes},
            {"seconds", it.knapsack_seconds}}},
          {"accuracy_before_tuning", it.accuracy_before_tuning},
          {"validation_accuracy", it.validation_accuracy},
          {"required_accuracy", it.required_accuracy},
          {"selected", amounts_json(it.selected)},
          {"dsp", it.resources.dsp},
          {"bram", it.resources.bram18},
          {"lut", it.resources.lut},
          {"ff", it.resources.ff},
          {"accepted", it.accepted},
          {"protected_layer", it.protected_layer},
          {"seconds", it.seconds}};
}

Json settings_json(const PruneSettings& s) {
  return {{"objective", to_string(s.objective)},
          {"value", to_string(s.value)},
          {"value_scale", to_string(s.value_scale)},
          {"selection", to_string(s.selection)},
          {"schedule", to_string(s.schedule)},
          {"tolerance", s.tolerance},
          {"target", s.target_sparsity},
          {"margin_standard_errors", s.margin_standard_errors},
          {"regularization", s.regularization},
          {"fixed_point_tuning", s.fixed_point_tuning},
          {"baseline_epochs", s.baseline_epochs},
          {"fine_tuning_epochs", s.fine_tuning_epochs},
          {"regrowth_epochs", s.regrowth_epochs},
          {"threads", s.threads},
          {"seed", s.seed}};
}

}  // namespace

std::string report_to_json(const PruneReport& report) {
  Json json = {{"task", report.task},
               {"data", report.data_description},
               {"command", report.command},
               {"interrupted", report.interrupted},
               {"seconds", report.seconds},
               {"baseline", state_json(report.baseline)},
               {"pruned", state_json(report.pruned)},
               {"reduction",
                {{"dsp", report.dsp_reduction},
                 {"bram", report.bram_reduction},
                 {"lut", report.lut_reduction},
                 {"ff", report.ff_reduction}}},
               {"latency_cycles", report.latency_cycles},
               {"ii_cycles", report.ii_cycles},
               {"relative_accuracy_loss", report.relative_accuracy_loss},
               {"misses_tolerance_in_fixed_point", report.misses_tolerance_in_fixed_point},
               {"final_target", report.final_target},
               {"target_reached", report.target_reached},
               {"settings", settings_json(report.settings)},
               {"regularization_trials", Json::array()},
               {"layers", Json::array()},
               {"iterations", Json::array()}};
  for (const RegularizationTrial& trial : report.regularization_trials) {
    json["regularization_trials"].push_back(
        {{"strength", trial.strength}, {"validation_accuracy", trial.validation_accuracy}});
  }
  for (const LayerOutcome& layer : report.layers) json["layers"].push_back(layer_json(layer));
  for (const IterationRecord& it : report.iterations) {
    json["iterations"].push_back(iteration_json(it));
  }
  json["hardware"] = Json::parse(resource_model::network_to_json(report.hardware));
  return json.dump(2) + "\n";
}

}  // namespace espalier::pruning
