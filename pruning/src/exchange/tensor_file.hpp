#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace espalier::pruning {

/// One array of a model file.
struct FileTensor {
  std::string path;  ///< below the weights, such as "fc1/fc1/kernel:0"
  std::vector<std::int64_t> shape;
  std::vector<float> values;  ///< row-major
};

/// What a Keras HDF5 file holds, as far as it matters here.
struct TensorFile {
  std::string architecture;  ///< JSON of the model; empty in files of weights alone
  std::vector<FileTensor> tensors;
};

/// Whether the file begins as HDF5 files do.
bool is_hdf5_file(const std::filesystem::path& file);

/// Reads architecture and floating-point tensors. The HDF5 library runs in a child process with
/// bounded memory and time, so that damaged or hostile files are errors and nothing worse. Throws
/// Error with the file's name.
TensorFile read_keras_hdf5(const std::filesystem::path& file);

/// The bytes of a Keras 2 HDF5 file: the attribute `model_config`, and below `model_weights` one
/// group per entry of `layers` with its tensors.
///
/// Tensors lie directly in the group of their layer, so that no look-up by part of a name, as
/// hls4ml does it ("kernel" in path), can be led astray by the layer's name.
struct LayerTensors {
  std::string layer;
  std::vector<FileTensor> tensors;  ///< paths are plain names such as "kernel:0"
};
std::string write_keras_hdf5(const std::string& architecture,
                             const std::vector<LayerTensors>& layers);

}  // namespace espalier::pruning
