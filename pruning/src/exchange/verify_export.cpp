#include "espalier/pruning/verify_export.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <span>

#include <nlohmann/json.hpp>

#include "espalier/pruning/import_model.hpp"
#include "espalier/resource_model/weight_layout.hpp"
#include "espalier/support/error.hpp"

#include "exchange/hls4ml_project.hpp"
#include "exchange/keras_architecture.hpp"
#include "loop/hardware_link.hpp"

namespace espalier::pruning {
namespace {

using Json = nlohmann::json;
using resource_model::Layer;
namespace fs = std::filesystem;

Json read_report(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error(file.string(), 0, "cannot be opened; expected the report of a run");
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  Json report = Json::parse(text, nullptr, false);
  if (report.is_discarded() || !report.contains("layers") || !report.contains("pruned")) {
    throw Error(file.string(), 0, "is not the report of a run");
  }
  return report;
}

VerifiedLayer count(const Layer& layer, std::span<const float> kernel,
                    const resource_model::Resources& resources) {
  const resource_model::WeightLayout layout(layer);
  const std::vector<std::uint8_t> pattern = nonzero_pattern(kernel, layer);
  VerifiedLayer result{.name = layer.name, .dsp = resources.dsp, .bram18 = resources.bram18};
  std::int64_t last_used = -1;
  for (std::int64_t f = 0; f < layout.num_weights(); ++f) {
    if (pattern[static_cast<std::size_t>(f)] == 0 || layout.lane(f) == last_used) continue;
    last_used = layout.lane(f);
    ++result.multipliers_used;
  }
  result.multipliers = layout.lane(layout.num_weights() - 1) + 1;
  return result;
}

void compare(const std::string& what, const char* resource, std::int64_t counted,
             const Json& promised, std::vector<std::string>& problems) {
  if (promised == counted) return;
  problems.push_back(what + ": the files have " + std::to_string(counted) + " " + resource +
                     ", the report promises " + promised.dump());
}

void compare_with_report(const Json& report, ExportVerification& found) {
  const Json& layers = report.at("layers");
  if (layers.size() != found.layers.size()) {
    found.problems.push_back("the model has " + std::to_string(found.layers.size()) +
                             " layers with weights, the report " + std::to_string(layers.size()));
    return;
  }
  resource_model::Resources total;
  for (std::size_t k = 0; k < layers.size(); ++k) {
    const VerifiedLayer& layer = found.layers[k];
    const Json& promised = layers[k].at("after");
    compare("layer '" + layer.name + "'", "DSP blocks", layer.dsp, promised.at("dsp"),
            found.problems);
    compare("layer '" + layer.name + "'", "block RAMs", layer.bram18, promised.at("bram"),
            found.problems);
    total.dsp += layer.dsp;
    total.bram18 += layer.bram18;
  }
  compare("total", "DSP blocks", total.dsp, report.at("pruned").at("dsp"), found.problems);
  compare("total", "block RAMs", total.bram18, report.at("pruned").at("bram"), found.problems);
}

constexpr const char* kDiffers = "differs";

std::string note_on(const ProjectLayer& project, const VerifiedLayer& layer) {
  if (project.limit == layer.multipliers_used) return "";
  if (project.is_unrolled && project.reuse_factor > project.n_in) {
    return "loose: hls4ml starts from N / n_in multipliers when RF > n_in";
  }
  if (!project.is_unrolled && !project.is_latency) {
    return "not binding: strategy Resource builds N / RF multipliers";
  }
  if (project.is_latency && project.limit < layer.multipliers_used) {
    return "lower: with Latency any RF zeros are one multiplier less, wherever they are";
  }
  return kDiffers;
}

void compare_with_project(const fs::path& folder, ExportVerification& found) {
  const auto project = read_hls4ml_project(folder);
  for (VerifiedLayer& layer : found.layers) {
    const auto own = project.find(layer.name);
    if (own == project.end()) {
      found.problems.push_back("layer '" + layer.name + "' is not in the project of hls4ml");
      continue;
    }
    layer.hls4ml_limit = own->second.limit;
    layer.note = note_on(own->second, layer);
    if (layer.note == kDiffers) {
      found.problems.push_back("layer '" + layer.name + "': hls4ml allows " +
                               std::to_string(own->second.limit) + " multipliers, " +
                               std::to_string(layer.multipliers_used) + " are needed");
    }
  }
}

}  // namespace

ExportVerification verify_export(const fs::path& folder) {
  const ImportedModel model = import_model(folder / "model.h5", folder / "hls4ml.json");
  const Json report = read_report(folder / "report.json");
  ExportVerification found;
  const std::vector<LayerLink> links = link_layers(model.network, model.hardware);
  std::vector<std::span<const float>> kernels;
  for (const LayerLink& link : links) kernels.push_back(model.network.kernel(link.network_layer));
  const auto resources = resources_of_kernels(kernels, model.hardware);
  for (std::size_t k = 0; k < links.size(); ++k) {
    const auto layer = static_cast<std::size_t>(links[k].hardware_layer);
    found.layers.push_back(count(model.hardware.layers[layer], kernels[k], resources[k]));
  }
  try {
    compare_with_report(report, found);
  } catch (const Json::exception&) {
    throw Error((folder / "report.json").string(), 0, "lacks figures that a report has");
  }
  if (fs::exists(folder / "hls/firmware/parameters.h")) {
    compare_with_project(folder / "hls", found);
  }
  return found;
}

}  // namespace espalier::pruning
