#pragma once

#include <filesystem>

#include "exchange/tensor_file.hpp"

namespace espalier::pruning {

/// An ONNX model, rewritten as a Keras architecture with Keras' names of tensors. Throws Error
/// naming the file, and the node that is not supported.
TensorFile read_onnx(const std::filesystem::path& file);

}  // namespace espalier::pruning
