#pragma once

#include <filesystem>

#include "espalier/pruning/sequential.hpp"
#include "espalier/resource_model/network.hpp"

namespace espalier::pruning {

/// A trained network from a file of another framework, with the hardware that it is meant for.
/// Layers with weights correspond, in order and by name, in `network` and `hardware`.
struct ImportedModel {
  resource_model::Network hardware;
  Sequential network;
};

/// Whether a file is an HDF5 file, by its content, or an ONNX file, by its ending.
bool is_foreign_model(const std::filesystem::path& file);

/// Reads a model with its weights.
///
/// `model`: a Keras 2 HDF5 file (Model.save), an ONNX file (.onnx), or a Keras architecture in JSON
/// (Model.to_json), whose weights are then in the HDF5 file `weights`. HDF5 and ONNX need a build
/// with ESPALIER_WITH_HDF5 and ESPALIER_WITH_ONNX.
///
/// `config`, if not empty: hls4ml's configuration in JSON, or a network description of our own
/// whose layers with weights have the sizes of the model's; without it, hls4ml's defaults.
///
/// Dropout of Keras models stays, for the fine-tuning; that of ONNX models, which are for
/// inference, disappears. Batch normalisation becomes part of the kernel before it, or of the one
/// after it where that is exact (no padding between). QKeras layers keep their quantisers as types
/// in `hardware`, and their weights are rounded to them as QKeras rounds in its forward pass.
///
/// Throws Error with the file and, where one is to blame, the layer and what is not supported.
ImportedModel import_model(const std::filesystem::path& model,
                           const std::filesystem::path& config = {},
                           const std::filesystem::path& weights = {});

/// The hardware of a model without its weights, batch normalisations as layers of their own: what
/// an estimate needs. Also takes models whose layers cannot be trained here. Arguments and errors
/// as for import_model(); `config` is hls4ml's.
resource_model::Network import_hardware(const std::filesystem::path& model,
                                        const std::filesystem::path& config = {});

}  // namespace espalier::pruning
