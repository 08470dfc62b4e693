#pragma once

#include <filesystem>
#include <string>

#include "espalier/pruning/sequential.hpp"
#include "espalier/resource_model/network.hpp"

namespace espalier::pruning {

/// Whether this build writes HDF5 files (ESPALIER_WITH_HDF5).
bool can_export_models() noexcept;

/// Where export_model() put things.
struct ExportedFiles {
  std::filesystem::path model;
  std::filesystem::path config;
  std::filesystem::path script;
};

/// Writes a network for hls4ml into `folder`, which exists:
/// - model.h5: a Keras 2 model (read by keras.models.load_model and by hls4ml) with the layers,
///   names and activations of `hardware` and the parameters of `network`; batch normalisations are
///   merged into the kernels and dropout is gone, so what Keras computes is what the FPGA gets.
///   Names stay unless hls4ml cannot take them: "input", and characters that C++ names have not;
/// - hls4ml.json: the complete configuration, every type written out by the rules of
///   FixedPointNetwork. Layers with strategy Resource some of whose multipliers are idle become
///   ResourceUnrolled where hls4ml supports it: the strategy that leaves such multipliers out;
/// - convert.py: a dozen lines of Python that convert and compile them.
///
/// Each file is written under a temporary name and renamed. Throws Error when `network` and
/// `hardware` do not belong together, or for layers that Keras or hls4ml cannot take.
ExportedFiles export_model(const Sequential& network, const resource_model::Network& hardware,
                           const std::filesystem::path& folder);

/// The text of hls4ml.json.
std::string hls4ml_configuration(const Sequential& network,
                                 const resource_model::Network& hardware);

}  // namespace espalier::pruning
