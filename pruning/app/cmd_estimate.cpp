// `espalier estimate`: a table of what every layer of a network takes.

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "espalier/pruning/import_model.hpp"
#include "espalier/resource_model/device.hpp"
#include "espalier/resource_model/estimate.hpp"
#include "espalier/resource_model/network_io.hpp"
#include "espalier/solver/result_io.hpp"
#include "espalier/support/error.hpp"

#include "commands.hpp"

namespace espalier::app {
namespace {

using resource_model::Device;
using resource_model::LayerEstimate;
using resource_model::Network;
using resource_model::NetworkEstimate;
using resource_model::Resources;

struct EstimateOptions {
  std::string model;
  std::string config;
  std::string json;
  std::string device;
  bool strict = false;
};

using Row = std::vector<std::string>;

Row numbers(const std::string& name, const std::string& reuse, const Resources& resources,
            std::int64_t latency, std::int64_t ii) {
  return {name,
          reuse,
          std::to_string(resources.dsp),
          std::to_string(resources.bram18),
          std::to_string(resources.lut),
          std::to_string(resources.ff),
          std::to_string(latency),
          std::to_string(ii)};
}

std::string percent(std::int64_t used, std::int64_t available) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1)
       << 100.0 * static_cast<double>(used) / static_cast<double>(available) << " %";
  return text.str();
}

Row percentages(const Resources& used, const Device& device) {
  const Resources& all = device.capacity;
  return {"of " + std::string(device.name),
          "",
          percent(used.dsp, all.dsp),
          percent(used.bram18, all.bram18),
          percent(used.lut, all.lut),
          percent(used.ff, all.ff),
          "",
          ""};
}

std::string aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const Row& row : rows) {
    for (std::size_t k = 0; k < row.size(); ++k) widths[k] = std::max(widths[k], row[k].size());
  }
  std::string text;
  for (const Row& row : rows) {
    std::ostringstream line;
    line << std::left << std::setw(static_cast<int>(widths[0])) << row[0] << std::right;
    for (std::size_t k = 1; k < row.size(); ++k) {
      line << "  " << std::setw(static_cast<int>(widths[k])) << row[k];
    }
    const std::string padded = line.str();
    text += padded.substr(0, padded.find_last_not_of(' ') + 1) + '\n';
  }
  return text;
}

std::string fit_text(const NetworkEstimate& estimate, const Device& device) {
  const Resources missing = resource_model::shortfall(estimate.total, device);
  if (missing == Resources{}) return "fits into " + std::string(device.name);
  std::string text;
  const auto add = [&](std::int64_t count, const char* what) {
    if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + what;
  };
  add(missing.dsp, "DSP blocks");
  add(missing.bram18, "BRAM18");
  add(missing.lut, "LUTs");
  add(missing.ff, "flip-flops");
  text = "does not fit into " + std::string(device.name) + ": " + text + " too many";
  const std::optional<double> sparsity = resource_model::required_sparsity(estimate, device);
  if (!sparsity) return text + ", and pruning weights cannot help";
  if (*sparsity == 0.0) return text;
  std::ostringstream advice;
  advice << std::fixed << std::setprecision(1) << "; prune " << 100.0 * *sparsity
         << " % of what the weights take (espalier prune --device)";
  return text + advice.str();
}

/// The largest errors that the calibration states for the layers.
std::string logic_error_text(const NetworkEstimate& estimate) {
  double lut = 0.0;
  double ff = 0.0;
  for (const LayerEstimate& layer : estimate.layers) {
    lut = std::max(lut, layer.lut_error);
    ff = std::max(ff, layer.ff_error);
  }
  std::ostringstream text;
  text << std::fixed << std::setprecision(0) << "LUT and FF are calibrated: median error "
       << 100 * lut << " % and " << 100 * ff << " % on unseen layers of these kinds";
  return text.str();
}

void print_table(const Network& network, const NetworkEstimate& estimate) {
  std::vector<Row> rows = {{"layer", "RF", "DSP", "BRAM18", "LUT", "FF", "latency", "II"}};
  for (const LayerEstimate& layer : estimate.layers) {
    rows.push_back(numbers(layer.name, std::to_string(layer.reuse_factor), layer.total,
                           layer.latency_cycles, layer.ii_cycles));
  }
  if (network.connected) {
    const Resources& top = estimate.top_level;
    rows.push_back({"top level", "", std::to_string(top.dsp), std::to_string(top.bram18),
                    std::to_string(top.lut), std::to_string(top.ff), "", ""});
  }
  rows.push_back(numbers("total", "", estimate.total, estimate.latency_cycles, estimate.ii_cycles));
  const Device* const device = resource_model::find_device(network.part);
  if (device != nullptr) rows.push_back(percentages(estimate.total, *device));
  std::cout << aligned(rows);
  std::cout << "latency and II in cycles of " << network.clock_ns
            << " ns: " << static_cast<double>(estimate.latency_cycles) * network.clock_ns
            << " ns and " << static_cast<double>(estimate.ii_cycles) * network.clock_ns << " ns on "
            << network.part << '\n';
  if (device != nullptr) {
    std::cout << fit_text(estimate, *device) << '\n';
  } else {
    std::cout << "the capacity of " << network.part << " is not known: no percentages\n";
  }
  std::cout << logic_error_text(estimate) << '\n';
  for (const LayerEstimate& layer : estimate.layers) {
    for (const std::string& warning : layer.warnings) std::cout << "warning: " << warning << '\n';
  }
}

void refuse_warnings(const std::string& model, const NetworkEstimate& estimate) {
  for (const LayerEstimate& layer : estimate.layers) {
    if (!layer.warnings.empty()) throw Error(model, 0, layer.warnings.front() + " (--strict)");
  }
}

/// Descriptions and architectures are JSON, other models need their own reader.
Network read_model(const EstimateOptions& options) {
  if (pruning::is_foreign_model(options.model)) {
    return pruning::import_hardware(options.model, options.config);
  }
  return options.config.empty() ? resource_model::read_network(options.model)
                                : resource_model::read_keras_network(options.model, options.config);
}

void run_estimate(const EstimateOptions& options) {
  Network network = read_model(options);
  if (!options.device.empty()) {
    resource_model::require_device(options.device);
    network.part = options.device;
  }
  const NetworkEstimate estimate = resource_model::estimate(network);
  if (options.strict) refuse_warnings(options.model, estimate);
  if (options.json != "-") print_table(network, estimate);
  if (options.json.empty()) return;
  const std::string json = resource_model::estimate_to_json(network, estimate);
  if (options.json == "-") {
    std::cout << json;
  } else {
    solver::write_file_atomically(options.json, json);
  }
}

}  // namespace

void add_estimate_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<EstimateOptions>();
  CLI::App* const command =
      app.add_subcommand("estimate", "DSP, BRAM, LUT, FF, latency of every layer of a network");
  command
      ->add_option(
          "MODEL", options->model,
          "Network description or Keras architecture (JSON), Keras model (HDF5) or ONNX model")
      ->required();
  command->add_option("--config", options->config,
                      "hls4ml's configuration for a Keras or ONNX model (JSON)");
  command->add_option("--json", options->json, "Write the estimate as JSON; - for standard output");
  command->add_option("--device", options->device,
                      "Estimate for this part or device, and tell whether the network fits");
  command->add_flag("--strict", options->strict,
                    "Fail where hls4ml would silently move a reuse factor");
  command->callback([options, &exit_code] {
    run_estimate(*options);
    exit_code = kDone;
  });
}

}  // namespace espalier::app
