#include "espalier/pruning/export_model.hpp"

#include <vector>

#include "espalier/solver/result_io.hpp"
#include "espalier/support/error.hpp"

#include "exchange/keras_architecture.hpp"
#include "exchange/tensor_file.hpp"
#include "loop/hardware_link.hpp"

namespace espalier::pruning {
namespace {

using resource_model::Layer;
using resource_model::LayerType;

constexpr const char* kScript = R"(#!/usr/bin/env python3
"""Makes the hls4ml project of model.h5 and hls4ml.json in hls/ and compiles its C simulation.
Needs: pip install hls4ml h5py quantizers."""
import json
import pathlib

from hls4ml.converters import keras_v2_to_hls


def convert():
    here = pathlib.Path(__file__).resolve().parent
    config = json.loads((here / "hls4ml.json").read_text())
    for key in ("KerasH5", "OutputDir"):
        config[key] = str(here / config[key])
    model = keras_v2_to_hls(config)
    model.compile()  # then model.predict(x); synthesis: model.build()
    return model


if __name__ == "__main__":
    convert()
)";

std::vector<std::int64_t> kernel_shape(const Layer& layer) {
  switch (layer.type) {
    case LayerType::kConv1D:
      return {layer.kernel[1], layer.input[2], layer.filters};
    case LayerType::kConv2D:
      return {layer.kernel[0], layer.kernel[1], layer.input[2], layer.filters};
    default:
      return {layer.n_in, layer.n_out};
  }
}

std::vector<LayerTensors> tensors_of(const Sequential& network,
                                     const resource_model::Network& hardware) {
  std::vector<LayerTensors> tensors;
  for (const LayerLink& link : link_layers(network, hardware)) {
    const Layer& layer = hardware.layers[static_cast<std::size_t>(link.hardware_layer)];
    const auto kernel = network.kernel(link.network_layer);
    const auto bias = network.bias(link.network_layer);
    tensors.push_back(
        {.layer = layer.name,
         .tensors = {{"kernel:0", kernel_shape(layer), {kernel.begin(), kernel.end()}},
                     {"bias:0", {layer.fan_out()}, {bias.begin(), bias.end()}}}});
  }
  return tensors;
}

Sequential without_normalisations(const Sequential& network) {
  for (int i = 0; i < network.num_layers(); ++i) {
    if (network.layer(i).type == NetLayerType::kBatchNorm) return fold_batch_norm(network);
  }
  return network;
}

}  // namespace

ExportedFiles export_model(const Sequential& network, const resource_model::Network& hardware,
                           const std::filesystem::path& folder) {
  const Sequential plain = without_normalisations(network);
  const auto named = with_exportable_names(hardware);
  const ExportedFiles files = {folder / "model.h5", folder / "hls4ml.json", folder / "convert.py"};
  const std::string model = write_keras_hdf5(keras_architecture(named), tensors_of(plain, named));
  solver::write_file_atomically(files.model, model);
  solver::write_file_atomically(files.config, hls4ml_configuration(plain, hardware));
  solver::write_file_atomically(files.script, kScript);
  return files;
}

}  // namespace espalier::pruning
