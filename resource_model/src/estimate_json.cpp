#include <nlohmann/json.hpp>

#include "espalier/resource_model/device.hpp"
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
  out["lut_error"] = layer.lut_error;
  out["ff_error"] = layer.ff_error;
  out["reuse_factor"] = layer.reuse_factor;
  out["valid_reuse_factors"] = layer.valid_reuse_factors;
  out["warnings"] = layer.warnings;
  return out;
}

Json to_json(const NetworkEstimate& estimate) {
  Json layers = Json::array();
  for (const LayerEstimate& layer : estimate.layers) layers.push_back(to_json(layer));
  return {{"layers", std::move(layers)},
          {"top_level", {{"lut", estimate.top_level.lut}, {"ff", estimate.top_level.ff}}},
          {"total", to_json(estimate.total, estimate.latency_cycles, estimate.ii_cycles)}};
}

double percent(std::int64_t used, std::int64_t available) {
  return 100.0 * static_cast<double>(used) / static_cast<double>(available);
}

Json to_json(const Device& device, const Resources& used) {
  const Resources& all = device.capacity;
  return {{"name", device.name},
          {"source", device.source},
          {"dsp", all.dsp},
          {"bram18", all.bram18},
          {"lut", all.lut},
          {"ff", all.ff},
          {"uram", device.uram},
          {"fits", shortfall(used, device) == Resources{}},
          {"percent",
           {{"dsp", percent(used.dsp, all.dsp)},
            {"bram18", percent(used.bram18, all.bram18)},
            {"lut", percent(used.lut, all.lut)},
            {"ff", percent(used.ff, all.ff)}}}};
}

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string estimate_to_json(const NetworkEstimate& estimate) { return dump(to_json(estimate)); }

std::string estimate_to_json(const Network& network, const NetworkEstimate& estimate) {
  Json out = to_json(estimate);
  const auto nanoseconds = [&](std::int64_t cycles) {
    return static_cast<double>(cycles) * network.clock_ns;
  };
  out["total"]["latency_ns"] = nanoseconds(estimate.latency_cycles);
  out["total"]["ii_ns"] = nanoseconds(estimate.ii_cycles);
  for (std::size_t k = 0; k < estimate.layers.size(); ++k) {
    out["layers"][k]["latency_ns"] = nanoseconds(estimate.layers[k].latency_cycles);
    out["layers"][k]["ii_ns"] = nanoseconds(estimate.layers[k].ii_cycles);
  }
  out["part"] = network.part;
  if (const Device* const device = find_device(network.part)) {
    out["device"] = to_json(*device, estimate.total);
  }
  return dump(out);
}

}  // namespace espalier::resource_model
