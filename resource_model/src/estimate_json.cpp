#include <nlohmann/json.hpp>

#include "espalier/resource_model/network_io.hpp"

namespace espalier::resource_model {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Resources& resources, std::int64_t latency, std::int64_t ii) {
  return {{"dsp", resources.dsp}, {"bram18", resources.bram18}, {"lut", resources.lut},
          {"ff", resources.ff},   {"latency", latency},         {"ii", ii}};
}

Json to_json(const LayerEstimate& layer) {
  Json out{{"name", layer.name}};
  out.update(to_json(layer.total, layer.latency_cycles, layer.ii_cycles));
  out["reuse_factor"] = layer.reuse_factor;
  out["valid_reuse_factors"] = layer.valid_reuse_factors;
  out["warnings"] = layer.warnings;
  return out;
}

}  // namespace

std::string estimate_to_json(const NetworkEstimate& estimate) {
  Json layers = Json::array();
  for (const LayerEstimate& layer : estimate.layers) layers.push_back(to_json(layer));
  const Json out{{"layers", std::move(layers)},
                 {"total", to_json(estimate.total, estimate.latency_cycles, estimate.ii_cycles)}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace espalier::resource_model
